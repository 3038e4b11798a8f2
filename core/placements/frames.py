"""How clicks lie in a journal file: sealed frames that a reader finds again whatever a crash left between them.

    file  = "SIYUCLK1" | salt (16)            the key of the file is derived from the installation's key and the salt
    frame = mark (4) | length (4) | crc (4) | count (8) | sealed payload (length)

`count` is the frame's place in its file and its nonce, so no two frames of a file share one. The checksum covers the
count and the payload. Journals are sealed with the installation's key, not a tenant's: a click on a link that cannot
be looked up at the moment has no tenant yet.
"""

import itertools
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.secrets import derive

SIGNATURE = b"SIYUCLK1"
SALT_BYTES = 16
HEAD_BYTES = len(SIGNATURE) + SALT_BYTES
LARGEST_PAYLOAD = 16_384

_MARK = b"\xf5clk"
_FRAME = struct.Struct(">4sIIQ")


class FrameSealer:
    """Makes the frames of one file. Safe for threads: the count is taken in one step."""

    def __init__(self, key: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        self.head = SIGNATURE + salt
        self._cipher = _cipher_of(key, salt)
        self._counts = itertools.count()

    def frame(self, payload: bytes) -> bytes:
        """The sealed frame to append."""
        count = next(self._counts)
        sealed = self._cipher.encrypt(count.to_bytes(12, "big"), payload, None)
        crc = zlib.crc32(sealed, count & 0xFFFFFFFF)
        return _FRAME.pack(_MARK, len(sealed), crc, count) + sealed


@dataclass(frozen=True)
class Found:
    """One whole frame: its payload, and where the bytes after it begin."""

    payload: bytes
    end: int


class FrameOpener:
    """Reads the frames of one file, given its first `HEAD_BYTES` bytes."""

    def __init__(self, key: bytes, head: bytes) -> None:
        if len(head) < HEAD_BYTES or not head.startswith(SIGNATURE):
            raise ValueError("This is no click journal.")
        self._cipher = _cipher_of(key, head[len(SIGNATURE) : HEAD_BYTES])

    def find(self, buffer: bytes) -> Iterator[Found]:
        """Every whole frame in order; torn or damaged bytes between them are stepped over."""
        at = buffer.find(_MARK)
        while 0 <= at <= len(buffer) - _FRAME.size:
            found = self._open(buffer, at)
            if found is not None:
                yield found
            at = buffer.find(_MARK, at + 1 if found is None else found.end)

    def _open(self, buffer: bytes, at: int) -> Found | None:
        _, length, crc, count = _FRAME.unpack_from(buffer, at)
        start = at + _FRAME.size
        sealed = buffer[start : start + length] if length <= LARGEST_PAYLOAD else b""
        if len(sealed) != length or zlib.crc32(sealed, count & 0xFFFFFFFF) != crc:
            return None
        try:
            return Found(self._cipher.decrypt(count.to_bytes(12, "big"), sealed, None), start + length)
        except InvalidTag:
            return None


def _cipher_of(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(derive(key, f"click journal {salt.hex()}"))
