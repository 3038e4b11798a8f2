"""The plugin keeps every rule of the contract."""

from pathlib import Path

from core.plugin_kit import check_plugin


def test_every_rule_is_kept() -> None:
    report = check_plugin(Path(__file__).resolve().parents[1])
    assert report.is_good, report.text()
