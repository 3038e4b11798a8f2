"""Packing lists: a CSV that says which card lies in which parcel, taken in by a job, row by row, 500 a step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from core import clock
from core.cards.models import CardMove
from core.cards.moving import start_move
from core.cards.packing import PackedCard, find_columns, read_card
from core.cards.tying import Problem, tie_cards
from core.db import find, new_id, reading, vault_of, writing
from core.errors import FieldError, Invalid
from core.files import bodies
from core.files import service as files
from core.files.service import OpenedFile
from core.ingest.reasons import Refused
from core.ingest.rows import BadRow, Place, Row, read_header, read_rows
from core.ingest.sniff import EncodingWatch, NotReadable, Shape, guess_shape
from core.jobs.running import RunningJob
from core.placements.service import find_placement, placement_by_number
from core.tenants.service import tenant_now

STEP = 500
MOST_TOLD = 100
_HEAD = 1 << 20


@dataclass(frozen=True)
class PackingList:
    """A stored list and how it is read."""

    file: OpenedFile
    shape: Shape
    columns: dict[str, int]
    first: Place
    zone: ZoneInfo

    def batches(self, start: Place) -> Iterator[list[Row | BadRow]]:
        """The rows from `start` on, 500 at a time."""
        rows = read_rows(self.file.chunks(offset=start.offset), self.shape, start=start)
        while batch := list(islice(rows, STEP)):
            yield batch


def receive_list(tenant_id: int, placement_id: str, chunks: Iterable[bytes], *, name: str) -> CardMove:
    """Store a list and have it taken in. No transaction is open while the stream lasts.

    Raises:
        NotFound: there is no such placement.
        Invalid: the file is no such table; nothing of it is kept.
    """
    with reading(tenant_id) as session:
        find_placement(session, placement_id)
        vault = vault_of(session)
    file_id = new_id()
    size = bodies.write_body(vault, file_id, chunks, sealed=True)
    try:
        with writing(tenant_id) as session:
            placement = find_placement(session, placement_id)
            expires = clock.now() + files.RAW_LIFE
            file = files.record(session, file_id, kind="upload", name=name, size=size, expires=expires, sealed=True)
            _open_list(files.open_file(session, file_id), ZoneInfo("UTC"))
            move = CardMove(placement_number=placement.number, deed="list", file_id=file_id, file_name=file.name)
            start_move(session, move)
            session.expunge(move)
            return move
    except BaseException as error:
        bodies.remove_body(tenant_id, file_id)
        if isinstance(error, NotReadable):
            raise Invalid(error.en, fields=[FieldError("file", error.code, f"{error.zh} {error.en}")]) from None
        raise


def work_list(job: RunningJob, move: CardMove) -> None:
    """Take the list in, from the job's checkpoint on."""
    assert job.tenant_id is not None
    assert move.file_id is not None
    with reading(job.tenant_id) as session:
        zone = ZoneInfo(tenant_now(session).timezone)
        packed = _open_list(files.open_file(session, move.file_id), zone)
    place = Place(*(int(str(job.checkpoint[name])) for name in ("offset", "line"))) if job.checkpoint else packed.first
    done = int(str(job.checkpoint.get("done", 0)))
    for batch in packed.batches(place):
        done += len(batch)
        cards, problems = _read_batch(packed, batch)
        with job.step() as step:
            row = find(step.session, CardMove, move.id)
            placement = placement_by_number(step.session, row.placement_number)
            tied = tie_cards(step.session, placement, cards, columns=packed.columns, move=row.id)
            _count(row, tied.moved, tied.made, tied.tied, [*problems, *tied.problems])
            _note_made(row, tied.numbers)
            step.checkpoint = {"offset": batch[-1].end.offset, "line": batch[-1].end.line, "done": done}
            step.progress(done)
    with job.step() as step:
        row = find(step.session, CardMove, move.id)
        row.state = "done"
        step.finish({"rows": done, "moved": row.moved, "made": row.made, "refused": row.refused})


def _open_list(file: OpenedFile, zone: ZoneInfo) -> PackingList:
    shape = _shape_of(file)
    header, first = read_header(file.chunks(), shape)
    return PackingList(file, shape, find_columns(header), first, zone)


def _shape_of(file: OpenedFile) -> Shape:
    """Read to its end: where the text first leaves ASCII may be far behind the beginning."""
    watch, head = EncodingWatch(), bytearray()
    for chunk in file.chunks():
        head += chunk[: max(0, _HEAD - len(head))]
        watch.feed(chunk)
    behind = watch.finish()
    return guess_shape(bytes(head), encoding=behind if head[:65536].isascii() and head else None)


def _read_batch(packed: PackingList, batch: list[Row | BadRow]) -> tuple[list[PackedCard], list[Problem]]:
    cards: list[PackedCard] = []
    problems: list[Problem] = []
    for row in batch:
        if isinstance(row, BadRow):
            problems.append(Problem(row.line, row.reason))
            continue
        try:
            cards.append(read_card(row.line, row.cells, packed.columns, zone=packed.zone))
        except Refused as refused:
            problems.append(Problem(row.line, refused.reason))
    return cards, problems


def _count(row: CardMove, moved: int, made: int, tied: int, problems: list[Problem]) -> None:
    row.moved, row.made, row.tied = row.moved + moved, row.made + made, row.tied + tied
    row.refused += len(problems)
    told = [{"line": one.line, "zh": one.reason.zh, "en": one.reason.en} for one in problems]
    row.problems = [*row.problems, *told][:MOST_TOLD]


def _note_made(row: CardMove, numbers: list[int]) -> None:
    """The range of cards that the list made, so that their sheet can be found."""
    if numbers:
        row.first, row.last = row.first or min(numbers), max(numbers)
