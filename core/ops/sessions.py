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


def start_session(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command as the leader of a new session; its output is appended to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_parent_watch(),  # the supervisor has one thread, so this is safe
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


def _parent_watch() -> "_ParentWatch | None":
    return _ParentWatch(os.getpid()) if sys.platform == "linux" else None


class _ParentWatch:
    """Run in the child before the command: the kernel sends it SIGTERM when its parent is gone."""

    def __init__(self, parent: int) -> None:
        self.parent = parent
        self.prctl = ctypes.CDLL(None).prctl

    def __call__(self) -> None:
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
