"""Bytes on disk as a stream of frames, each sealed for its place, so that reading may begin anywhere."""

import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from core import settings
from core.errors import NotFound
from core.secrets import Vault

FRAME = 64 * 1024
_SEAL_BYTES = 33  # version and key id 5, nonce 12, tag 16


def path_of(tenant_id: int, file_id: uuid.UUID) -> Path:
    return settings.current().home / "files" / str(tenant_id) / file_id.hex


def write_body(vault: Vault, file_id: uuid.UUID, chunks: Iterable[bytes], *, sealed: bool) -> int:
    """Write `chunks` durably and return their length. An error on the way leaves nothing behind.

    Nobody finds the body before its row is committed, so this needs no transaction: call it outside of one.
    """
    target = path_of(vault.tenant_id, file_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".part")
    try:
        with partial.open("xb") as body:
            size = 0
            for index, frame in enumerate(_cut_frames(chunks)):
                size += len(frame)
                body.write(vault.seal("file", f"{file_id}:{index}", "body", frame) if sealed else frame)
            body.flush()
            os.fsync(body.fileno())
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return size


def read_body(vault: Vault, file_id: uuid.UUID, *, size: int, sealed: bool, offset: int = 0) -> Iterator[bytes]:
    """Plain bytes from `offset` to the end, a frame at a time.

    Raises:
        NotFound: the body is gone.
        BrokenSeal: it was altered, cut off or put in another's place.
    """
    try:
        body = path_of(vault.tenant_id, file_id).open("rb")
    except FileNotFoundError:
        raise NotFound("The file has expired.") from None
    index, within = divmod(offset, FRAME)
    frame = FRAME + (_SEAL_BYTES if sealed else 0)

    def read_on() -> Iterator[bytes]:
        skip = within
        with body:
            body.seek(index * frame)
            for number in range(index, -(-size // FRAME)):
                stored = body.read(frame)
                plain = vault.unseal("file", f"{file_id}:{number}", "body", stored) if sealed else stored
                yield plain[skip:] if skip else plain
                skip = 0

    return read_on()


def remove_body(tenant_id: int, file_id: uuid.UUID) -> None:
    path_of(tenant_id, file_id).unlink(missing_ok=True)


def _cut_frames(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= FRAME:
            yield bytes(waiting[:FRAME])
            del waiting[:FRAME]
    if waiting:
        yield bytes(waiting)
