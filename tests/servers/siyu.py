"""The whole platform as a newcomer runs it, for tests: `siyu up` in a home and on ports of its own."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.ops.sessions import session_members
from core.ops.supervisor import read_roll

START_SECONDS = 120.0
STOP_SECONDS = 60.0
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """A running platform: where it answers and which processes it is made of."""

    home: Path
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def api(self) -> str:
        """The API's address."""
        return f"http://localhost:{self.environment['SIYU_API_PORT']}"

    @property
    def pages(self) -> str:
        """The admin pages' address."""
        return f"http://localhost:{self.environment['SIYU_UI_PORT']}"

    def services(self) -> dict[str, int]:
        """Each service's process; a new number after it was started again."""
        return read_roll(self.home)

    def kill(self, name: str) -> int:
        """Kill one service as the kernel would; gives the process that died."""
        process = self.services()[name]
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        return process


@contextlib.contextmanager
def running_siyu(home: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Start it without the demo unless told otherwise, wait until it answers, and stop it as Ctrl-C does."""
    environment = own_environment(home, settings or {})
    process = start_up(environment, *(arguments or ("--no-demo",)))
    running = Running(home, process, environment)
    try:
        until(lambda: is_ready(running), seconds=START_SECONDS, otherwise=f"siyu up did not get ready in {home}")
        yield running
        stop(running)
    finally:
        process.send_signal(signal.SIGINT)  # nothing, if it has been stopped
        process.wait(STOP_SECONDS)


def stop(running: Running) -> None:
    """Stop it as Ctrl-C does; it must go in peace and take everybody along. A killed one is left to its watchman."""
    members = [pid for session in running.services().values() for pid in session_members(session)]
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(STOP_SECONDS) == 0
        assert not [pid for pid in members if runs(pid)]


def own_environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a platform that shares nothing with another."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIYU_")}
    ports = {f"SIYU_{name}_PORT": str(free_port()) for name in ("API", "UI", "SIMULATOR")}
    return {**kept, **ports, "PYTHONPATH": str(REPOSITORY), "SIYU_HOME": str(home), **settings}


def start_up(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """`siyu up`, its words on our own output."""
    return subprocess.Popen([sys.executable, "-m", "core.cli", "up", *arguments], cwd=REPOSITORY, env=dict(environment))


def is_ready(running: Running) -> bool:
    """Whether API and pages answer; fails if the platform has ended instead."""
    assert running.process.poll() is None, f"siyu up ended with {running.process.returncode}"
    api, ui = (int(running.environment[name]) for name in ("SIYU_API_PORT", "SIYU_UI_PORT"))
    return status(api, "/readyz") == 200 and status(ui, "/_stcore/health") == 200


def status(port: int, path: str, *, headers: Mapping[str, str] | None = None) -> int | None:
    """The status that a local server answers with; none if it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def until(fact: Callable[[], object], *, seconds: float = 30.0, otherwise: str = "it did not happen in time") -> None:
    """Look again and again until it holds; these are real processes, whose clock cannot be set."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def runs(pid: int) -> bool:
    """Whether a process runs; one that is dead but not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
