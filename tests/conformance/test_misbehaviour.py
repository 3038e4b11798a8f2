"""Every way to write a bad plugin gets a verdict that names it, and harms nobody."""

from pathlib import Path

import pytest

from core.plugin_kit import Report, check_plugin
from core.plugin_kit.making import make_plugin
from tests.conformance.misbehaviour import BAD, SENDER, SENDS, Misbehaviour, Sending
from tests.servers.siyu import runs, until

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_plugin("podcast", into=tmp_path, title_zh="播客", title_en="Podcast")


def spoil(project: Path, one: Misbehaviour) -> None:
    path = project / one.file
    text = path.read_text()
    if not one.old and not one.new:
        path.unlink()
        return
    assert one.old in text
    path.write_text(text.replace(one.old, one.new) if one.old else text + one.new)


def broken(report: Report) -> str:
    return "\n".join(f"{rule}: {finding}" for rule, findings in report.broken().items() for finding in findings)


def test_thirty_ways_are_known() -> None:
    assert len({one.name for one in BAD} | {one.name for one in SENDS}) > 30


@pytest.mark.parametrize("one", BAD, ids=lambda one: one.name)
def test_bad_plugin_gets_its_verdict(project: Path, one: Misbehaviour) -> None:
    spoil(project, one)
    report = check_plugin(project)
    assert one.rule in report.broken(), report.text()
    assert all(report.broken()[one.rule])


@pytest.mark.parametrize("one", SENDS, ids=lambda one: one.name)
def test_bad_sender_gets_its_verdict(project: Path, one: Sending) -> None:
    plugin, manifest = project / "siyu_podcast" / "plugin.py", project / "siyu_podcast" / "manifest.json"
    needs = "Answer, Channel, ChannelFailure, Event, HttpClient, Outcome, Refused, Request, failed, hookimpl"
    text = plugin.read_text().replace("Answer, Channel, Event, Request, hookimpl", needs)
    plugin.write_text(text.replace("\n\n@hookimpl", SENDER.format(body=one.body) + "\n\n@hookimpl"))
    declared = manifest.read_text().replace('"parse"]', '"parse", "deliver"], "medium": "sms"')
    manifest.write_text(declared)
    report = check_plugin(project)
    assert list(report.broken())[:1] == ([one.rule] if one.rule else []), broken(report)


def test_hanging_plugin_is_told(project: Path) -> None:
    spoil(project, Misbehaviour("", "", "siyu_podcast/plugin.py", new="\nwhile True:\n    pass\n"))
    report = check_plugin(project, seconds=2.0)
    assert "was not through after 2 seconds" in broken(report)


def test_what_a_plugin_started_ends_with_it(project: Path, tmp_path: Path) -> None:
    note = tmp_path / "started"
    start = f"""
import subprocess
from pathlib import Path
sleeper = subprocess.Popen(["sleep", "600"])
Path({str(note)!r}).write_text(str(sleeper.pid))
"""
    spoil(project, Misbehaviour("", "", "siyu_podcast/plugin.py", new=start))
    check_plugin(project)
    until(lambda: not runs(int(note.read_text())), otherwise="the plugin's process goes on")
