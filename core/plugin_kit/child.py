"""The examination itself: `python -m core.plugin_kit.child TARGET FILE` writes one line a rule to FILE.

Before each rule its code is written, so that the parent knows what was under way when this process ended.
"""

import json
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO
from unittest.mock import patch

from core.clock import set_to
from core.plugin_host.discovery import Place
from core.plugin_host.host import Host
from core.plugin_host.loading import load_plugin
from core.plugin_host.problems import PluginRefused
from core.plugin_kit import hook_checks, house_checks, manner_checks, vendor_checks
from core.plugin_kit.locating import locate
from core.plugin_kit.running import LOADS
from core.plugin_kit.samples import AT, BadFixture, read_samples
from core.plugin_kit.subject import CHECKS, Check, Subject
from core.sdk.values import Text

ROOMS = (house_checks, hook_checks, vendor_checks, manner_checks)
"""Imported for the rules that they register, and looked at in this order."""
FIRST = "fixtures"
"""Without settings that fit, no other rule can be looked at."""
MOST_MEMORY = 4 * 1024**3
MOST_FINDINGS = 8


class NetworkTouched(RuntimeError):
    """A plugin reached for the network past core.sdk.HttpClient."""


def examine(target: str, told: Path) -> None:
    """Load, then every rule that applies, always at the same moment: some channels keep hours."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with told.open("w", encoding="utf-8") as file, offline(), set_to(AT):
        _write(file, code=LOADS[0])
        try:
            subject = _load(locate(target))
        except (PluginRefused, BadFixture) as refusal:
            _verdict(file, *LOADS, "bad", [f"it {refusal}"])
            return
        _verdict(file, *LOADS, "good", [])
        if not subject.host.channels:
            return
        for rule in sorted(CHECKS, key=_place_of):
            _write(file, code=rule.code)
            if not rule.applies(subject):
                _verdict(file, rule.code, rule.title, "not_applicable", [])
                continue
            found = _findings(rule.find(subject))
            _verdict(file, rule.code, rule.title, "bad" if found else "good", found)
            if rule.code == FIRST and found:
                return


@contextmanager
def offline() -> Iterator[None]:
    """No name is resolved and nothing is connected meanwhile."""

    def refuse(*args: object, **options: object) -> NoReturn:
        raise NetworkTouched("the network was reached past core.sdk.HttpClient")

    with (
        patch.object(socket, "create_connection", refuse),
        patch.object(socket.socket, "connect", refuse),
        patch.object(socket, "getaddrinfo", refuse),
    ):
        yield


def _load(place: Place) -> Subject:
    loaded = load_plugin(place.on_path())
    return Subject(loaded.manifest.key, Host([loaded], []), place.folder, read_samples(place.folder))


def _place_of(rule: Check) -> int:
    return [room.__name__ for room in ROOMS].index(rule.find.__module__)


def _findings(found: Iterator[str]) -> list[str]:
    """At most a few of them; a rule that cannot be looked at is a finding itself."""
    findings: list[str] = []
    try:
        for one in found:
            findings.append(one[:300])
            if len(findings) == MOST_FINDINGS:
                break
    except Exception as error:  # noqa: BLE001 - whatever a rule meets in strange code is told, and the next rule goes on
        findings.append(f"cannot be looked at: {type(error).__name__}: {str(error)[:200]}")
    return findings


def _verdict(file: TextIO, code: str, title: Text, state: str, findings: list[str]) -> None:
    _write(file, code=code, title=title.model_dump(), state=state, findings=findings)


def _write(file: TextIO, **line: object) -> None:
    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    file.flush()


if __name__ == "__main__":
    examine(sys.argv[1], Path(sys.argv[2]))
