"""Reading journals while they are being written: whole frames only, in the order of each file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.placements.frames import HEAD_BYTES, FrameOpener
from core.placements.journal import SUFFIX

CHUNK = 1 << 20


class JournalReader:
    """One journal file, read from its start on. What was taken is remembered only by `confirm`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self._key = path, key
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._opener: FrameOpener | None = None
        self._confirmed = HEAD_BYTES
        self._taken = HEAD_BYTES

    def take(self) -> list[bytes]:
        """The payloads of the whole frames after the confirmed place, up to about a megabyte of them."""
        opener = self._opener or self._open()
        if opener is None:
            return []
        size = CHUNK
        while True:
            buffer = os.pread(self._descriptor, size, self._confirmed)
            found = list(opener.find(buffer))
            if found or len(buffer) < size:
                break
            size *= 2  # a long torn stretch: look further
        self._taken = self._confirmed + (found[-1].end if found else 0)
        return [frame.payload for frame in found]

    def confirm(self) -> None:
        """What was taken last is stored; go on behind it."""
        self._confirmed = self._taken

    def is_finished(self) -> bool:
        """Whether no process writes this file any more (ask before the last `take`, or a late frame is missed)."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return True

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def retire(self) -> bool:
        """Let go of a finished file whose frames are all stored: remove it, or set it aside if bytes were left unread.

        Returns:
            Whether nothing was left (a torn last frame, or a file sealed under another key, is left).
        """
        size = os.fstat(self._descriptor).st_size
        self.close()
        whole = size <= self._confirmed
        with suppress(FileNotFoundError):
            if whole:
                self.path.unlink()
            else:
                self.path.rename(self.path.with_suffix(".torn"))
        return whole

    def _open(self) -> FrameOpener | None:
        head = os.pread(self._descriptor, HEAD_BYTES, 0)
        with suppress(ValueError):
            self._opener = FrameOpener(self._key, head)
        return self._opener


def list_journals(folder: Path) -> Iterator[Path]:
    """The journals in a folder, oldest first."""
    if folder.is_dir():
        yield from sorted(folder.glob(f"*{SUFFIX}"))
