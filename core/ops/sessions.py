"""Processes in sessions of their own, so that whatever a child has started can be found and ended with it.

A session outlives its leader and spans process groups: a job's fork moves to a group of its own, but not to another
session. That makes the session, not the group, the thing to kill.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def start_session(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, tell: int
) -> subprocess.Popen[bytes]:
    """Start a command as the leader of a new session; its output is appended to `log`.

    The child itself writes `+<session>` to the descriptor `tell` before it becomes the command, so that no moment is
    left in which it runs and the watchman does not know of it.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_FirstWords(os.getpid(), tell),  # the supervisor has one thread, so this is safe
        )


def session_members(session: int) -> list[int]:
    """The processes that run in this session, its leader too; the dead not yet buried are left out."""
    return [pid for pid in _all_processes() if _session_of(pid) == session and not _is_zombie(pid)]


def has_ended(session: int) -> bool:
    """Whether the leader of a session runs no more."""
    return _session_of(session) is None or _is_zombie(session)


def end_sessions(sessions: Sequence[int], *, grace: float, has_ended: Callable[[int], bool] = has_ended) -> None:
    """Ask the leaders to stop, wait up to `grace` seconds, then kill whatever is left of each session."""
    for session in sessions:
        with contextlib.suppress(ProcessLookupError):
            os.kill(session, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and not all(has_ended(session) for session in sessions):
        time.sleep(0.05)
    for session in sessions:
        kill_session(session)


def kill_session(session: int) -> None:
    """Kill every member at once; again, until a look finds none, for one may have forked meanwhile."""
    for _ in range(20):
        members = session_members(session)
        if not members:
            return
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


class _FirstWords:
    """Run in the child before the command: tells the watchman, and has the kernel send SIGTERM when the parent dies."""

    def __init__(self, parent: int, tell: int) -> None:
        self.parent, self.tell = parent, tell
        self.prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def __call__(self) -> None:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        with contextlib.suppress(BrokenPipeError):  # the watchman is dead: its successor hears of all children
            os.write(self.tell, f"+{os.getpid()}\n".encode())
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if self.prctl:
            self.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self.parent:  # it died before we asked
            os._exit(1)


def _all_processes() -> list[int]:
    if Path("/proc/self").exists():
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pid="], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False
