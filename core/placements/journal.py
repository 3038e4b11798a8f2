"""The click journal: one append-only file a process, written before the redirect is answered.

`append` returns once the kernel has the bytes, which survives the death of the process; a thread brings them to the
disk every 50 ms, which survives the machine's. A writer holds a lock on its live file, so that whoever reads the
folder knows which files will not grow any more, also after a kill -9.
"""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

from core.db import new_id
from core.logs import logger
from core.placements.frames import LARGEST_PAYLOAD, FrameSealer

log = logger(__name__)

SUFFIX = ".clicks"
SYNC_SECONDS = 0.05
ROTATE_BYTES = 4 << 20
_TAG_BYTES = 16

_sync = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


class JournalRefused(OSError):
    """The disk did not take the whole frame (it is full, or gone)."""


class Journal:
    """The journal of this process. Threads may append at will."""

    def __init__(self, folder: Path, key: bytes, *, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._folder, self._key, self._rotate_bytes = folder, key, rotate_bytes
        self._file: _LiveFile | None = None
        self._opening = threading.Lock()
        self._unsynced = threading.Event()
        self._closing = threading.Event()
        self._syncer: threading.Thread | None = None

    def append(self, payload: bytes) -> None:
        """Hand one click to the kernel.

        Raises:
            OSError: it was not taken; the caller redirects all the same and counts the loss.
        """
        live = self._file
        if live is None or live.process != os.getpid():  # a forked child must not share its parent's nonces
            live = self._open_first()
        frame = live.sealer.frame(payload[: LARGEST_PAYLOAD - _TAG_BYTES])
        if os.write(live.descriptor, frame) != len(frame):
            raise JournalRefused("The journal's disk is full.")
        if not self._unsynced.is_set():
            self._unsynced.set()

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        self._closing.set()
        self._unsynced.set()
        if self._syncer is not None:
            self._syncer.join()
        self._file = None

    def _open_first(self) -> "_LiveFile":
        with self._opening:
            if self._file is None or self._file.process != os.getpid():
                self._file = _LiveFile(self._folder, self._key)
                self._syncer = threading.Thread(target=self._keep_syncing, name="click-journal", daemon=True)
                self._syncer.start()
            return self._file

    def _keep_syncing(self) -> None:
        while not self._closing.is_set():
            self._unsynced.wait()
            self._closing.wait(SYNC_SECONDS)
            self._unsynced.clear()
            live = self._file
            if live is None:
                continue
            try:
                _sync(live.descriptor)
                if os.fstat(live.descriptor).st_size > self._rotate_bytes:
                    self._file = _LiveFile(self._folder, self._key)
            except OSError as error:
                log.error("click journal: %s", error)


class _LiveFile:
    """A locked file. It closes when the last thread that appends to it lets go, so no append hits a closed one."""

    def __init__(self, folder: Path, key: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.process = os.getpid()
        self.sealer = FrameSealer(key)
        # The name becomes a journal's only after the lock is held: nobody can take a new file for a finished one.
        path = folder / f"{new_id()}{SUFFIX}"
        unborn = path.with_suffix(".new")
        self.descriptor = os.open(unborn, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        os.write(self.descriptor, self.sealer.head)
        unborn.rename(path)

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self.descriptor)
