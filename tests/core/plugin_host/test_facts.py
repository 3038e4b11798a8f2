"""`siyu_facts_recorded`: every plugin that listens hears, one that breaks takes nothing from the others."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.plugin_host import Host
from core.sdk import Fact
from tests.factories.plugins import write_plugin

FACT = Fact(id="order:1", type="order.placed", at=datetime(2026, 3, 1, tzinfo=UTC), tenant="t", data={"amount": "9.90"})
LISTENER = """
    import sys
    from core.sdk import hookimpl

    @hookimpl
    def siyu_facts_recorded({argument}):
        {body}
"""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    heard: list[object] = []
    monkeypatch.setitem(sys.modules, "heard", heard)
    yield heard


def listener(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, argument: str = "facts") -> Host:
    source = LISTENER.format(body=body, argument=argument)
    host = Host.load([write_plugin(folder, monkeypatch, source=source)])
    assert not host.problems
    return host


def test_listener_hears_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[object]) -> None:
    listener(tmp_path, monkeypatch, "sys.modules['heard'].extend(facts)").tell_facts([FACT])
    assert heard == [FACT]


def test_listener_may_ask_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[object]) -> None:
    listener(tmp_path, monkeypatch, "sys.modules['heard'].append(1)", argument="").tell_facts([FACT])
    assert heard == [1]


def test_broken_listener_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listener(tmp_path, monkeypatch, "raise ValueError('9.90')").tell_facts([FACT])
    assert "plugin shop: siyu_facts_recorded raised ValueError" in caplog.text
    assert "9.90" not in caplog.text
