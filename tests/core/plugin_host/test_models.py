"""A plugin may bring attribution models by `siyu_register_models`; two of one name are refused."""

from pathlib import Path

import pytest

from core.plugin_host import Host
from tests.factories.plugins import write_plugin

SOURCE = """
    from core.sdk import hookimpl

    class Even:
        name, version = "even", "1"

        def credits(self, journeys):
            return []

    @hookimpl
    def siyu_register_models():
        return [Even()]
"""


def test_models_are_registered_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host.load([write_plugin(tmp_path, monkeypatch, key="even", source=SOURCE)])
    assert not host.problems
    assert host.models["even"].version == "1"


def test_model_name_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_plugin(tmp_path / "a", monkeypatch, key="even", source=SOURCE)
    loaded = Host.load([first])
    assert loaded.models
    second = write_plugin(tmp_path / "a", monkeypatch, key="odd", source=SOURCE)
    host = Host.load([first, second])
    assert [problem.plugin for problem in host.problems] == ["odd"]
    assert "the model even" in host.problems[0].reason


@pytest.mark.parametrize("name", ["linear", "markov_3", "upstream"])
def test_own_models_are_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    source = SOURCE.replace('"even", "1"', f'"{name}", "1"')
    host = Host.load([write_plugin(tmp_path, monkeypatch, key="even", source=source)])
    assert not host.models
    assert f"the model {name}, which Siyu has itself" in host.problems[0].reason
