"""One batch of an import: records find their channels, placements and people, and become facts in one transaction."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels import service as channels
from core.channels.models import DIRECT
from core.contacts import service as contacts
from core.contacts.identities import BadIdentity, normalise_all
from core.db import find, vault_of
from core.files import service as files
from core.files.service import OpenedFile
from core.ingest.mapping import Mapping
from core.ingest.models import Import
from core.ingest.reasons import Reason, Refused
from core.ingest.records import Record, Setting, Who, build_reader
from core.ingest.rejects import RefusedRow, keep_rejects
from core.ingest.row_filter import Condition, build_filter
from core.ingest.rows import Place
from core.ingest.sniff import Shape
from core.ingest.writing import Fact, OrderFact, write_facts
from core.placements import service as placements
from core.placements.costs import NewCost, record_costs
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.service import tenant_now
from core.touchpoints.service import NO_DETAIL

REMEMBERED = 20_000
UNNAMED = "导入的花费 Imported costs"
Taken = tuple[int, str, Record, list[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows read and judged. `taken` are (line, key, record, cells)."""

    end: Place
    rows: int
    skipped: int
    taken: list[Taken]
    refused: list[RefusedRow]
    is_last: bool = False


@dataclass(frozen=True)
class ImportTask:
    """All that running one import needs to know, read once."""

    id: uuid.UUID
    kind: str
    file: OpenedFile
    shape: Shape
    first: Place
    width: int
    creates_channels: bool
    currency: str
    accepts: Callable[[list[str]], bool]
    read: Callable[[list[str]], Record]
    digest: Callable[[str], str]
    columns: dict[str, str]
    channels: dict[str, int] = field(default_factory=dict)
    placements: dict[tuple[int, str], int | None] = field(default_factory=dict)

    def finish(self, session: Session) -> dict[str, object]:
        """Close the import and tell its counts."""
        row = find(session, Import, self.id)
        row.state, row.finished_at = "done", clock.now()
        session.flush()
        names = ("rows", "skipped", "accepted", "duplicates", "rejected", "touchpoints", "orders")
        return {name: getattr(row, name) for name in names}


def load_task(session: Session, import_id: uuid.UUID | str) -> ImportTask:
    row, tenant, vault = find(session, Import, import_id), tenant_now(session), vault_of(session)
    mapping = Mapping.model_validate(row.mapping)
    setting = Setting(row.kind, mapping, ZoneInfo(tenant.timezone), tenant.currency)  # type: ignore[arg-type]  # a CHECK keeps the kinds
    read = build_reader(setting, header=row.header)
    conditions = [Condition.model_validate(one) for one in row.row_filter]
    return ImportTask(
        id=row.id,
        kind=row.kind,
        file=files.open_file(session, row.file_id),
        shape=Shape(row.encoding, row.delimiter),
        first=Place(row.first_row[0], row.first_row[1]),
        width=len(row.header),
        creates_channels=row.create_channels,
        currency=tenant.currency,
        accepts=build_filter(conditions, header=row.header),
        read=_checking(read, mapping.columns),
        digest=lambda text: vault.blind_index("row", text)[:16].hex(),
        columns=mapping.columns,
        channels={channel.name: channel.number for channel in channels.list_channels(session)},
    )


def _checking(read: Callable[[list[str]], Record], columns: dict[str, str]) -> Callable[[list[str]], Record]:
    """A reader that also refuses a person that nobody could be found by; people return, so they are remembered."""
    usable: set[tuple[Who, ...]] = {()}

    def read_checked(cells: list[str]) -> Record:
        record = read(cells)
        if record.who not in usable:
            _check_names(record.who, columns)
            if len(usable) > REMEMBERED:
                usable.clear()
            usable.add(record.who)
        return record

    return read_checked


def _check_names(who: tuple[Who, ...], columns: dict[str, str]) -> None:
    if not who:
        return
    try:
        normalise_all(who)
    except BadIdentity as refusal:
        kind = refusal.fields[0].path
        raise Refused("bad_identity", column=columns.get(kind, kind), kind=kind) from None


def write_batch(session: Session, task: ImportTask, batch: Batch) -> None:
    """Store a batch and count it, all in the caller's transaction."""
    refused = list(batch.refused)
    placed = [(one, number) for one in batch.taken if (number := _channel_of(session, task, one, refused)) is not None]
    writers = {"contacts": _write_contacts, "costs": _write_costs}
    touches, orders, duplicates = writers.get(task.kind, _write_facts)(session, task, placed)
    keep_rejects(session, task.id, refused)
    now = clock.now()
    channels.note_latest(session, [(number, min(taken[2].at or now, now)) for taken, number in placed])
    session.execute(
        sa.update(Import)
        .where(Import.id == task.id)
        .values(
            rows=Import.rows + batch.rows,
            skipped=Import.skipped + batch.skipped,
            accepted=Import.accepted + len(placed) - duplicates,
            duplicates=Import.duplicates + duplicates,
            rejected=Import.rejected + len(refused),
            touchpoints=Import.touchpoints + touches,
            orders=Import.orders + orders,
        )
    )


def _channel_of(session: Session, task: ImportTask, taken: Taken, refused: list[RefusedRow]) -> int | None:
    """The record's channel; an unknown one is made where that was confirmed, else its row is refused."""
    line, _, record, cells = taken
    name = record.channel or DIRECT
    number = task.channels.get(name)
    if number is None and task.creates_channels:
        number = task.channels[name] = channels.channel_named_or_other(session, name).number
    if number is None:
        refused.append(RefusedRow(line, Reason("unknown_channel", {"value": name}), cells))
    return number


def _write_facts(session: Session, task: ImportTask, placed: list[tuple[Taken, int]]) -> tuple[int, int, int]:
    written = write_facts(session, [_fact(session, task, taken, number) for taken, number in placed])
    return written.touchpoints, written.orders, written.duplicates


def _fact(session: Session, task: ImportTask, taken: Taken, channel: int) -> Fact:
    _, key, record, _ = taken
    assert record.at is not None
    event_id = record.event_id or key
    placement = _placement_of(session, task, channel, record.placement)
    part = record.order
    return Fact(
        event_id=event_id,
        channel_number=channel,
        at=record.at,
        claims=record.who,
        touch=record.touch,
        order=OrderFact(part.order_no or event_id, part.amount_minor, part.currency, part.state) if part else None,
        placement_number=placement,
        detail={"placement": record.placement} if record.placement and placement is None else NO_DETAIL,
    )


def _placement_of(session: Session, task: ImportTask, channel: int, name: str | None) -> int | None:
    if name is None:
        return None
    if (channel, name) not in task.placements:
        found = placements.placement_named(session, channels.channel_by_number(session, channel), name)
        task.placements[channel, name] = found.number if found else None
    return task.placements[channel, name]


def _write_contacts(session: Session, task: ImportTask, placed: list[tuple[Taken, int]]) -> tuple[int, int, int]:
    records = [taken[2] for taken, _ in placed]
    at = [record.at or clock.now() for record in records]
    undated = {place for place, record in enumerate(records) if record.at is None}
    numbers = contacts.resolve(session, [record.who for record in records], at=at, undated=undated)
    by_tag: dict[str, list[int]] = {}
    for record, number in zip(records, numbers, strict=True):
        for tag in record.tags:
            by_tag.setdefault(tag, []).append(number)
    for tag, tagged in by_tag.items():
        contacts.tag(session, tagged, tags=[tag])
    told = [
        InviterTold(number, record.invited_by, moment, "import")
        for record, number, moment in zip(records, numbers, at, strict=True)
        if record.invited_by is not None
    ]
    claim_inviters(session, told)
    return 0, 0, 0


def _write_costs(session: Session, task: ImportTask, placed: list[tuple[Taken, int]]) -> tuple[int, int, int]:
    costs = []
    for (_, key, record, _), channel in placed:
        assert record.cost is not None
        assert record.at is not None
        placement = _cost_placement(session, task, channel, record.placement or UNNAMED, record.at)
        note, cost_key = record.cost.note, f"import:{record.event_id or key}"
        costs.append(NewCost(placement, record.cost.day, record.cost.amount_minor, cost_key[:200], note[:200]))
    return 0, 0, len(costs) - record_costs(session, costs)


def _cost_placement(session: Session, task: ImportTask, channel: int, name: str, at: datetime) -> int:
    """A cost needs a placement to stand on; one that the channel does not have yet begins with its first cost."""
    known = _placement_of(session, task, channel, name)
    if known is None:
        owner = channels.channel_by_number(session, channel)
        known = placements.create_placement(session, channel=owner, name=name, starts_at=at).number
        task.placements[channel, name] = known
    return known
