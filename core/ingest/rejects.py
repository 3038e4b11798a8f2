"""Refused rows: kept sealed for a week, handed back as a file that a spreadsheet opens without harm."""

import csv
import io
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import insert_new, new_id, reading, vault_of
from core.ingest.models import ImportReject
from core.ingest.reasons import Reason

LIFE = timedelta(days=7)
_PAGE = 1_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken. `cells` hold its one unparsed text where it could not be cut."""

    line: int
    reason: Reason
    cells: list[str]


def keep_rejects(session: Session, import_id: uuid.UUID, refused: Sequence[RefusedRow]) -> None:
    """Store refused rows; the same line again is the same row."""
    vault, rows = vault_of(session), []
    for one in refused:
        row_id = new_id()
        told = json.dumps(one.reason.particulars, ensure_ascii=False).encode("utf-8", "replace")
        text = json.dumps([cell[:2000] for cell in one.cells[:500]], ensure_ascii=False).encode("utf-8", "replace")
        rows.append(
            {
                "id": row_id,
                "import_id": import_id,
                "line": one.line,
                "code": one.reason.code,
                "particulars": vault.seal("import_reject", row_id, "particulars", told),
                "text": vault.seal("import_reject", row_id, "text", text),
                "created_at": clock.now(),
            }
        )
    insert_new(session, ImportReject, rows, conflict=("import_id", "line"))


def rejects_csv(tenant_id: int, import_id: uuid.UUID, *, header: list[str]) -> Iterator[bytes]:
    """The refused rows as CSV, in pieces; each page is read in a short transaction of its own."""
    yield "\ufeff".encode() + _csv_line(["line", "code", "原因", "reason", *header])
    line = 0
    while True:
        with reading(tenant_id) as session:
            page = _read_page(session, import_id, after=line)
        if not page:
            return
        yield b"".join(
            _csv_line([str(one.line), one.reason.code, one.reason.zh, one.reason.en, *one.cells]) for one in page
        )
        line = page[-1].line


def _read_page(session: Session, import_id: uuid.UUID, *, after: int) -> list[RefusedRow]:
    query = sa.select(ImportReject).where(ImportReject.import_id == import_id, ImportReject.line > after)
    vault = vault_of(session)

    def open_row(row: ImportReject) -> RefusedRow:
        told = json.loads(vault.unseal("import_reject", row.id, "particulars", row.particulars))
        cells = json.loads(vault.unseal("import_reject", row.id, "text", row.text))
        return RefusedRow(row.line, Reason(row.code, told), cells)

    return [open_row(row) for row in session.scalars(query.order_by(ImportReject.line).limit(_PAGE))]


def _cells_of(one: RefusedRow) -> list[str]:
    return [str(one.line), one.reason.code, one.reason.zh, one.reason.en, *one.cells]


def _csv_line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([disarm(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def disarm(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_DANGEROUS) else cell


def expire_rejects(session: Session, *, limit: int = 1_000) -> int:
    """Forget refused rows past their week; returns how many went."""
    old = sa.select(ImportReject.id).where(ImportReject.created_at < clock.now() - LIFE).limit(limit)
    ids = list(session.scalars(old))
    session.execute(sa.delete(ImportReject).where(ImportReject.id.in_(ids)))
    return len(ids)
