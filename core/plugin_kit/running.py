"""Examining a plugin in a process of its own: whatever it does to that process, there is a verdict."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.plugin_host.problems import PluginRefused
from core.plugin_kit.locating import locate
from core.sdk.values import Text

SECONDS = 300.0
State = Literal["good", "bad", "not_applicable"]
LOADS = ("loads", Text(zh="可以加载", en="can be loaded"))
LIVES = ("survives", Text(zh="不会拖垮宿主", en="does not take the host down"))


@dataclass(frozen=True)
class Verdict:
    """What came of one rule."""

    code: str
    title: Text
    state: State
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All verdicts about one plugin."""

    plugin: str
    verdicts: tuple[Verdict, ...]

    @property
    def is_good(self) -> bool:
        """Whether no rule was broken."""
        return all(verdict.state != "bad" for verdict in self.verdicts)

    def broken(self) -> dict[str, tuple[str, ...]]:
        """The findings by rule, of broken rules alone."""
        return {verdict.code: verdict.findings for verdict in self.verdicts if verdict.state == "bad"}

    def text(self, *, chinese: bool = False) -> str:
        """The report as it is printed."""
        marks = {"good": "ok  ", "bad": "BAD ", "not_applicable": " -  "}
        lines = [f"{self.plugin}"]
        for one in self.verdicts:
            lines.append(f"  {marks[one.state]} {one.title.zh if chinese else one.title.en}  [{one.code}]")
            lines += [f"         {finding}" for finding in one.findings]
        count = sum(verdict.state == "good" for verdict in self.verdicts)
        bad = len(self.broken())
        lines.append(f"  {count} rules kept, {bad} broken" if not chinese else f"  遵守 {count} 条，违反 {bad} 条")
        return "\n".join(lines)


def check_plugin(target: str | Path, *, seconds: float = SECONDS) -> Report:
    """Hold a plugin against the contract: its folder, or the key of an installed one.

    Runs in a child process and a folder of its own, at most `seconds`. A plugin that ends, hangs or starves that
    process is told so, with the rule that was being looked at.
    """
    with tempfile.TemporaryDirectory() as folder:
        told, place = Path(folder) / "verdicts.jsonl", Path(folder) / "place"
        place.mkdir()
        named = Path(target).resolve() if Path(target).is_dir() else target
        command = [sys.executable, "-m", "core.plugin_kit.child", str(named), str(told)]
        how = _examine(command, place, seconds)
        lines = told.read_text("utf-8", "replace").splitlines() if told.exists() else []
    return _report(str(target), [line for text in lines if (line := _read_line(text)) is not None], how)


def _examine(command: list[str], place: Path, seconds: float) -> str:
    """Run the examination; how it ended, where it did not end well. What the plugin started ends with it."""
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdout=nothing, stderr=nothing, env=_environment(), cwd=place, start_new_session=True
    )
    try:
        code = child.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"was not through after {seconds:g} seconds"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    return f"ended the process with code {code}" if code else ""


def _read_line(text: str) -> dict[str, object] | None:
    """A line that the child was killed in the middle of says nothing."""
    try:
        line: object = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _report(target: str, lines: list[dict[str, object]], how: str) -> Report:
    verdicts = [_verdict(line) for line in lines if "state" in line]
    under_way = [str(line["code"]) for line in lines if "state" not in line]
    finished = {verdict.code for verdict in verdicts}
    if how:
        last = next((code for code in reversed(under_way) if code not in finished), "start")
        verdicts.append(Verdict(*LIVES, "bad", (f"the plugin {how} while `{last}` was looked at",)))
    try:
        name = locate(target).found.name
    except PluginRefused:
        name = target
    return Report(name, tuple(verdicts))


def _verdict(line: dict[str, object]) -> Verdict:
    title, findings = line["title"], line["findings"]
    assert isinstance(title, dict)
    assert isinstance(findings, list)
    state: State = line["state"]  # type: ignore[assignment]  # written by the child
    return Verdict(str(line["code"]), Text(**title), state, tuple(str(one) for one in findings))


def _environment() -> dict[str, str]:
    """Without the platform's own variables: no database URL and no key is handed to code under examination."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SIYU_")}
