"""Storing, opening and expiring files behind one interface: a folder now, an object store later."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import find, new_id, on_commit, tenant_of, vault_of
from core.files import bodies
from core.files.models import StoredFile
from core.secrets import Vault

RAW_LIFE = timedelta(days=7)
_MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A stored file whose bytes can be read after the session that found it is closed."""

    row: StoredFile
    vault: Vault

    def chunks(self, *, offset: int = 0) -> Iterator[bytes]:
        """Plain bytes from `offset`, never all of them at once."""
        return bodies.read_body(self.vault, self.row.id, size=self.row.size, sealed=self.row.sealed, offset=offset)


def store(
    session: Session,
    kind: str,
    name: str,
    chunks: Iterable[bytes],
    *,
    expires: datetime | None = None,
    sealed: bool = False,
) -> StoredFile:
    """Keep a small artefact that is ready in memory. For long streams write the body first, then `record`."""
    file_id = new_id()
    size = bodies.write_body(vault_of(session), file_id, chunks, sealed=sealed)
    return record(session, file_id, kind=kind, name=name, size=size, expires=expires, sealed=sealed)


def record(
    session: Session,
    file_id: uuid.UUID,
    *,
    kind: str,
    name: str,
    size: int,
    expires: datetime | None = None,
    sealed: bool = False,
) -> StoredFile:
    """The row of a body that `bodies.write_body` wrote under `file_id`."""
    plain = clean_name(name)
    media_type = _MEDIA_TYPES.get(PurePosixPath(plain).suffix.lower(), "application/octet-stream")
    row = StoredFile(
        id=file_id, kind=kind, name=plain, media_type=media_type, size=size, sealed=sealed, expires_at=expires
    )
    session.add(row)
    session.flush()
    return row


def open_file(session: Session, file_id: uuid.UUID | str) -> OpenedFile:
    """A file of the bound tenant.

    Raises:
        NotFound: none by this id, another tenant's, or expired.
    """
    return OpenedFile(find(session, StoredFile, file_id), vault_of(session))


def remove(session: Session, row: StoredFile) -> None:
    """The row goes with this transaction, its body once that is committed."""
    tenant_id = tenant_of(session)
    session.delete(row)
    on_commit(session, lambda: bodies.remove_body(tenant_id, row.id))


def expire_files(session: Session, *, limit: int = 200) -> int:
    """Remove what is past its time; returns how many rows went."""
    rows = session.scalars(sa.select(StoredFile).where(StoredFile.expires_at <= clock.now()).limit(limit)).all()
    for row in rows:
        remove(session, row)
    return len(rows)


def clean_name(name: str) -> str:
    """The name as shown and offered for download: no folders, no control characters, never empty."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    plain = "".join(char for char in last if char.isprintable() and char not in '"<>|:*?').strip(" .")
    return plain[:200] or "file"
