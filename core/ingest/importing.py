"""Running an import: rows are read and judged outside of transactions, then written 1,000 at a time.

Each step commits rows, counters and the place in the file together, so that a killed import goes on where it was, and
pauses after the commit, so that a click or a webhook never waits long for the writer.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from time import monotonic, sleep

from core.db import reading
from core.ingest.import_batch import Batch, ImportTask, load_task, write_batch
from core.ingest.reasons import Refused
from core.ingest.records import Record
from core.ingest.rejects import RefusedRow
from core.ingest.repetition import RowKeys, canonical_row, find_repeated, fingerprint
from core.ingest.rows import BadRow, Place, Row, read_rows
from core.jobs.running import RunningJob

BATCH_ROWS = 1_000
BATCH_CHARACTERS = 4_000_000
PAUSE_SECONDS = 0.01
TURN = timedelta(seconds=60)
"""How long an import keeps its worker while others wait: each start reads through the whole file once."""


def run_import(job: RunningJob) -> None:
    """Take in the file of `job.args["import"]`, from the job's checkpoint on."""
    assert job.tenant_id is not None
    with reading(job.tenant_id) as session:
        task = load_task(session, str(job.args["import"]))
    total, repeated = _survey(task)
    keys = RowKeys(repeated=repeated, digest=task.digest)
    place = Place(*(int(str(job.checkpoint[name])) for name in ("offset", "line"))) if job.checkpoint else task.first
    if repeated and place != task.first:
        _recount(task, keys, until=place)
    done = int(str(job.checkpoint.get("done", 0)))
    quiet_until: float | None = None
    for batch in read_batches(task, keys, start=place):
        done += batch.rows
        if quiet_until is not None:  # others write while the next rows are read, and at least so long
            sleep(max(0.0, quiet_until - monotonic()))
        with job.step() as step:
            write_batch(step.session, task, batch)
            step.checkpoint = {"offset": batch.end.offset, "line": batch.end.line, "done": done}
            step.progress(done, total)
            if batch.is_last:
                step.finish(task.finish(step.session))
        job.make_way(keeps=TURN)
        quiet_until = monotonic() + PAUSE_SECONDS


def _survey(task: ImportTask) -> tuple[int, set[int]]:
    """How many rows the file has, and which stand in it more than once: eight bytes a row while it lasts."""
    prints = array("Q")
    for row in read_rows(task.file.chunks(offset=task.first.offset), task.shape, start=task.first):
        prints.append(fingerprint(canonical_row(row.cells)) if isinstance(row, Row) else 0)
    return len(prints), find_repeated(prints) - {0}


def _recount(task: ImportTask, keys: RowKeys, *, until: Place) -> None:
    for row in read_rows(task.file.chunks(offset=task.first.offset), task.shape, start=task.first):
        if row.end.offset > until.offset:
            return
        if isinstance(row, Row):
            keys.meet(row.cells)


@dataclass
class _Draft:
    rows: int = 0
    skipped: int = 0
    characters: int = 0
    taken: list[tuple[int, str, Record, list[str]]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


def read_batches(task: ImportTask, keys: RowKeys, *, start: Place) -> Iterator[Batch]:
    """The rest of the file in batches; the last one says so, and there is always a last one."""
    rows = read_rows(task.file.chunks(offset=start.offset), task.shape, start=start)
    waiting = _next_batch(task, keys, rows, start)
    while True:
        following = _next_batch(task, keys, rows, waiting.end)
        if following.rows == 0:
            yield Batch(waiting.end, waiting.rows, waiting.skipped, waiting.taken, waiting.refused, is_last=True)
            return
        yield waiting
        waiting = following


def _next_batch(task: ImportTask, keys: RowKeys, rows: Iterable[Row | BadRow], start: Place) -> Batch:
    draft, end = _Draft(), start
    for row in islice(rows, BATCH_ROWS):
        draft.rows += 1
        end = row.end
        _judge(task, keys, row, draft)
        if draft.characters > BATCH_CHARACTERS:
            break
    return Batch(end, draft.rows, draft.skipped, draft.taken, draft.refused)


def _judge(task: ImportTask, keys: RowKeys, row: Row | BadRow, draft: _Draft) -> None:
    if isinstance(row, BadRow):
        draft.refused.append(RefusedRow(row.line, row.reason, [row.text]))
        return
    draft.characters += sum(map(len, row.cells))
    met = keys.meet(row.cells)
    if len(row.cells) == task.width and not task.accepts(row.cells):
        draft.skipped += 1
        return
    try:
        record = task.read(row.cells)
    except Refused as refused:
        draft.refused.append(RefusedRow(row.line, refused.reason, row.cells))
        return
    key = record.event_id or (_name_row(record, keys.name(met)) if record.at is not None else "")
    draft.taken.append((row.line, key, record, row.cells))


def _name_row(record: Record, digest: str) -> str:
    """The event id of a row that brings none. It begins with the row's instant: ids of rows that stand together in a
    file then stand together in the index, too, where bare hashes would touch a page of it for every row."""
    assert record.at is not None
    return f"{int(record.at.timestamp()):08x}{digest}"
