"""The folder of all state: made private, checked to be writable, and locked so that one supervisor runs in it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadConfiguration

LOCK_NAME = "up.lock"
# After a violent end the watchman still holds the lock for a moment while it clears up.
PATIENCE_SECONDS = 5.0


def prepare(home: Path) -> Path:
    """Make the folder and its `logs`, readable by this user only, and see that it can be written.

    Raises:
        BadConfiguration: it cannot be made or written.
    """
    try:
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        (home / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritable(home, error.strerror) from None
    if not all(os.access(folder, os.W_OK | os.X_OK) for folder in (home, home / "logs")):
        raise _unwritable(home, "permission denied")
    return home.resolve()


@contextmanager
def locked(home: Path) -> Iterator[int]:
    """Hold the home for this process; gives the lock's descriptor.

    Raises:
        BadConfiguration: another supervisor holds it.
    """
    with (home / LOCK_NAME).open("a+") as lock:
        _take(lock.fileno(), home)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock.fileno()
        lock.truncate(0)


def holder(home: Path) -> int | None:
    """The process that runs in this home, if one does."""
    lock = home / LOCK_NAME
    if not lock.is_file():
        return None
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return int(file.read().strip() or 0)
    return None


def _take(descriptor: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            process = holder(home) or 0
            if _runs(process) or time.monotonic() > deadline:
                raise BadConfiguration(
                    f"Siyu already runs in {home} (process {process}): use that one, stop it, or set SIYU_HOME."
                ) from None
            time.sleep(0.1)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0


def _unwritable(home: Path, reason: str | None) -> BadConfiguration:
    return BadConfiguration(f"SIYU_HOME {home} cannot be written ({reason}): fix its owner, or set another folder.")
