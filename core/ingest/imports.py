"""The life of an import, as its page and the command line drive it: look, map, preview, start, watch."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import find, parse_id, reading, tenant_of
from core.errors import Conflict, FieldError, Invalid
from core.files import service as files
from core.ingest.import_batch import ImportTask, load_task
from core.ingest.mapping import Mapping, Problem, find_problems
from core.ingest.models import Import
from core.ingest.reasons import Refused
from core.ingest.records import Record
from core.ingest.rejects import RefusedRow
from core.ingest.row_filter import Condition
from core.ingest.rows import BadRow, read_rows
from core.ingest.sniff import SAMPLE_BYTES, Shape
from core.ingest.uploads import read_samples
from core.jobs.service import submit

SHOWN = 20
LOOKED_AT = 20_000


@dataclass
class Preview:
    """The first rows as they would be stored, and what the first 20,000 say about the rest."""

    rows: list[tuple[int, Record]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    refused_count: int = 0
    unknown_channels: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows_read: int = 0
    rows_taken: int = 0


def find_import(session: Session, import_id: str | uuid.UUID) -> Import:
    return find(session, Import, import_id)


def list_imports(session: Session, *, before: str | None, limit: int) -> list[Import]:
    """Newest first."""
    query = sa.select(Import).order_by(Import.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Import.id < parse_id(before))
    return list(session.scalars(query))


def samples_of(session: Session, row: Import) -> dict[str, list[str]]:
    """A few values of each column, read from the sealed file; none once that has expired."""
    opened = files.open_file(session, row.file_id)
    offset = row.first_row[0]
    head = b"".join(islice(opened.chunks(offset=offset), 1 + SAMPLE_BYTES // (64 * 1024)))
    return read_samples([head], Shape(row.encoding, row.delimiter), header=row.header)


def change_import(
    session: Session,
    import_id: str | uuid.UUID,
    *,
    mapping: Mapping,
    row_filter: Sequence[Condition],
    create_channels: bool,
) -> Import:
    """Edit a draft.

    Raises:
        Conflict: it has been started already.
        Invalid: a field or column that is not there; what is merely still missing is told by the preview.
    """
    row = find_import(session, import_id)
    if row.state != "draft":
        raise Conflict("The import has been started; upload the file again to map it differently.")
    found = find_problems(row.kind, mapping, header=row.header, conditions=list(row_filter))  # type: ignore[arg-type]  # a CHECK keeps the kinds
    _refuse([problem for problem in found if problem.code.startswith("unknown")])
    row.mapping = mapping.model_dump()
    row.row_filter = [condition.model_dump() for condition in row_filter]
    row.create_channels = create_channels
    session.flush()
    return row


def start_import(session: Session, import_id: str | uuid.UUID) -> Import:
    """Hand the import to a worker; starting it again changes nothing.

    Raises:
        Invalid: the mapping cannot be used yet.
    """
    row = find_import(session, import_id)
    if row.state == "draft":
        _refuse(problems_of(row))
        job = submit(
            session, "import.run", {"import": str(row.id)}, tenant_id=tenant_of(session), idem_key=f"import:{row.id}"
        )
        row.state, row.job_id = "running", job.id
        session.flush()
    return row


def problems_of(row: Import) -> list[Problem]:
    conditions = [Condition.model_validate(one) for one in row.row_filter]
    mapping = Mapping.model_validate(row.mapping)
    return find_problems(row.kind, mapping, header=row.header, conditions=conditions)  # type: ignore[arg-type]  # a CHECK keeps the kinds


def _refuse(problems: list[Problem]) -> None:
    if problems:
        fields = [FieldError(one.path, one.code, f"{one.zh} / {one.en}") for one in problems]
        raise Invalid("The mapping cannot be used yet.", fields=fields)


def preview_import(tenant_id: int, import_id: str | uuid.UUID) -> Preview:
    """What starting the import would do, judged by the beginning of the file; nothing is written."""
    with reading(tenant_id) as session:
        row = find_import(session, import_id)
        problems = problems_of(row)
        task = None if problems else load_task(session, row.id)
    preview = Preview(problems=problems)
    if task is not None:
        _look_through(task, preview)
    return preview


def _look_through(task: ImportTask, preview: Preview) -> None:
    rows = read_rows(task.file.chunks(offset=task.first.offset), task.shape, start=task.first)
    for row in islice(rows, LOOKED_AT):
        preview.rows_read += 1
        if isinstance(row, BadRow):
            _note_refused(preview, RefusedRow(row.line, row.reason, [row.text]))
        elif len(row.cells) != task.width or task.accepts(row.cells):
            try:
                _note_taken(task, preview, row.line, task.read(row.cells))
            except Refused as refused:
                _note_refused(preview, RefusedRow(row.line, refused.reason, row.cells))


def _note_taken(task: ImportTask, preview: Preview, line: int, record: Record) -> None:
    preview.rows_taken += 1
    if record.channel is not None and record.channel not in task.channels:
        preview.unknown_channels[record.channel] = preview.unknown_channels.get(record.channel, 0) + 1
    if len(preview.rows) < SHOWN:
        preview.rows.append((line, record))


def _note_refused(preview: Preview, refused: RefusedRow) -> None:
    preview.refused_count += 1
    if len(preview.refused) < SHOWN:
        preview.refused.append(refused)
