"""The supervisor: starts services, restarts what dies, and leaves nothing behind.

Before a service is started again everything left of its session is killed: a web server's workers outlive their
parent and would go on answering beside the new ones.
"""

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from core.errors import Unavailable
from core.ops.sessions import end_sessions, kill_session, start_session
from core.ops.watchman import Watchman

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
HEALTHY_SECONDS = 30.0
STOP_SECONDS = 5.0
DEATHS_AT_START = 3
LOOK_SECONDS = 0.1
ROLL_NAME = "services.json"


@dataclass(frozen=True)
class Service:
    """One child: what to run, in which environment, and how to see that it works."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    is_ready: Callable[[], bool] = lambda: True
    ready_within: float = 60.0


@dataclass
class _Child:
    service: Service
    log: Path
    process: Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_again_at: float = field(default=0.0)

    def delay(self) -> float:
        """How long to wait before the next start: none after a long healthy life, then twice as long each time."""
        return 0.0 if self.deaths <= 1 else min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self.deaths - 2))


class Supervisor:
    """Runs services until it is told to stop. One thread, one loop."""

    def __init__(self, *, home: Path, lock: int, say: Callable[[str], None]) -> None:
        self.logs, self.roll, self.lock, self.say = home / "logs", home / ROLL_NAME, lock, say
        self.children: list[_Child] = []
        self.stopping = False
        self.watchman = Watchman(keep_open=lock)
        self.alarm, alarm_in = os.pipe()
        for end in (self.alarm, alarm_in):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(alarm_in, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop_soon)

    def start(self, service: Service) -> None:
        """Start a service without waiting for it."""
        child = _Child(service, log=self.logs / f"{service.name}.log")
        self.children.append(child)
        self._launch(child)

    def wait_until_ready(self) -> None:
        """Wait for every service started so far.

        Raises:
            Unavailable: one keeps dying or does not answer in time; its last words are in the message.
        """
        for child in self.children:
            deadline = child.started + child.service.ready_within
            while not self.stopping and not child.service.is_ready():
                self._look_after(LOOK_SECONDS)
                if child.deaths >= DEATHS_AT_START:
                    raise Unavailable(f"{child.service.name} does not start. {_last_words(child.log)}")
                if time.monotonic() > deadline:
                    raise Unavailable(f"{child.service.name} does not answer. {_last_words(child.log)}")

    def run(self) -> None:
        """Look after the services until a signal says stop."""
        while not self.stopping:
            self._look_after(1.0)

    def stop(self) -> None:
        """Stop everything, last started first asked; whoever does not go in time is killed."""
        running = {child.process.pid: child.process for child in reversed(self.children) if child.process}
        end_sessions(list(running), grace=STOP_SECONDS, has_ended=lambda pid: running[pid].poll() is not None)
        for child in self.children:
            if child.process:
                child.process.wait()
                self.watchman.note_ended(child.process.pid)
        self.watchman.dismiss()
        self.roll.unlink(missing_ok=True)

    def _look_after(self, seconds: float) -> None:
        """Wait for news, at most so long; then bury the dead and start what is due."""
        due = [child.start_again_at for child in self.children if child.process is None]
        seconds = max(0.0, min([seconds, *(at - time.monotonic() for at in due)]))
        select.select([self.alarm], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self.alarm, 4096)
        if not self.watchman.is_alive() and not self.stopping:
            self._replace_watchman()
        for child in self.children:
            if self.stopping:
                return
            if child.process and child.process.poll() is not None:
                self._bury(child, child.process)
            if child.process is None and time.monotonic() >= child.start_again_at:
                self._launch(child)

    def _launch(self, child: _Child) -> None:
        service = child.service
        child.process = start_session(
            service.command, environment=service.environment, log=child.log, tell=self.watchman.ear
        )
        child.started = time.monotonic()
        self.watchman.note_started(child.process.pid)
        write_roll(self.roll, {one.service.name: one.process.pid for one in self.children if one.process})

    def _bury(self, child: _Child, process: Popen[bytes]) -> None:
        kill_session(process.pid)
        self.watchman.note_ended(process.pid)
        child.process = None
        lived = time.monotonic() - child.started
        child.deaths = 1 if lived > HEALTHY_SECONDS else child.deaths + 1
        child.start_again_at = time.monotonic() + child.delay()
        self.say(f"{child.service.name} {_cause(process.returncode)}; starting it again (log: {child.log})")

    def _replace_watchman(self) -> None:
        self.watchman.dismiss()  # dead already; this closes our end
        self.watchman = Watchman(keep_open=self.lock)
        for child in self.children:
            if child.process:
                self.watchman.note_started(child.process.pid)

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.stopping = True


def write_roll(file: Path, services: Mapping[str, int]) -> None:
    """Note who runs now, for `siyu doctor` and whoever else looks; readers never see half a note."""
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(services))
    draft.replace(file)


def read_roll(home: Path) -> dict[str, int]:
    """The services that run in this home and their processes; empty when none does."""
    try:
        return {str(name): int(pid) for name, pid in json.loads((home / ROLL_NAME).read_text()).items()}
    except (OSError, ValueError):
        return {}


def _cause(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _last_words(log: Path, *, lines: int = 8) -> str:
    tail = log.read_text(errors="replace").splitlines()[-lines:] if log.is_file() else []
    return f"The end of {log}:\n" + "\n".join(f"  {line}" for line in tail)
