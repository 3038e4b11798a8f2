"""Noon, and a host whose provider a test writes."""

from collections.abc import Callable, Iterator

import pytest

from core import clock
from core.campaigns import sending
from tests.core.campaigns.sends import (
    NOON,
    Script,
    ScriptedHost,
)


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], ScriptedHost]:
    def install(script: Script) -> ScriptedHost:
        scripted = ScriptedHost(script)
        monkeypatch.setattr(sending, "host", lambda: scripted)
        return scripted

    return install
