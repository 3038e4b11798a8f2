"""What platforms counted of placements: keeping their readings, and telling days and totals from them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import insert_new, take_turn
from core.placements.costs import set_vendor_cost
from core.placements.daily import Reading, count_days
from core.placements.models import Placement, PlacementFigure
from core.tenants.service import tenant_now

SPEND = "spend"
"""The figure that is money: minor units, kept as a cost of the day, too."""

Daily = dict[str, dict[date, int]]
"""Figure -> day -> how many."""


@dataclass(frozen=True, slots=True)
class Told:
    """One figure as it was told: a running total at `at`, or with `day` that day's own."""

    placement_number: int
    name: str
    count: int
    at: datetime
    day: date | None = None


def record_figures(session: Session, told: Sequence[Told]) -> int:
    """Keep what is newer than what is there; returns how many readings were. The order of telling does not matter."""
    if not told:
        return 0
    take_turn(session)  # two writers that read the same row would otherwise both think that theirs is the newest
    zone = ZoneInfo(tenant_now(session).timezone)
    keyed = [((one.placement_number, one.name, one.day or one.at.astimezone(zone).date()), one) for one in told]
    rows = _open_rows(session, {key for key, _ in keyed})
    changed = sum(_put(rows[key], one) for key, one in keyed)
    for (number, name, day), row in rows.items():
        if name == SPEND and row.added is not None:
            set_vendor_cost(session, number, day=day, amount_minor=row.added)
    session.flush()
    return changed


def _open_rows(session: Session, keys: set[tuple[int, str, date]]) -> dict[tuple[int, str, date], PlacementFigure]:
    columns = ("placement_number", "name", "day")
    new = [dict(zip(columns, key, strict=True)) for key in sorted(keys)]
    insert_new(session, PlacementFigure, new, conflict=columns)
    query = sa.select(PlacementFigure).where(
        PlacementFigure.placement_number.in_({number for number, _, _ in keys}),
        PlacementFigure.day.in_({day for _, _, day in keys}),
    )
    found = {(row.placement_number, row.name, row.day): row for row in session.scalars(query)}
    return {key: found[key] for key in keys}


def _put(row: PlacementFigure, told: Told) -> bool:
    """Whether it is newer; of two readings of one instant the larger stands, so that their order does not matter."""
    if told.day is None:
        if row.total is None or row.total_at is None or (told.at, told.count) > (row.total_at, row.total):
            row.total, row.total_at = told.count, told.at
            return True
    elif row.added is None or row.added_at is None or (told.at, told.count) > (row.added_at, row.added):
        row.added, row.added_at = told.count, told.at
        return True
    return False


def daily_figures(
    session: Session, numbers: Collection[int], *, names: Collection[str] | None = None
) -> dict[int, Daily]:
    """Each placement's figures by local day, since it was put out."""
    zone = ZoneInfo(tenant_now(session).timezone)
    begun = sa.select(Placement.number, Placement.starts_at).where(Placement.number.in_(numbers))
    since = {row.number: row.starts_at.astimezone(zone).date() for row in session.execute(begun)}
    query = sa.select(PlacementFigure).where(PlacementFigure.placement_number.in_(numbers))
    if names is not None:
        query = query.where(PlacementFigure.name.in_(names))
    readings: dict[tuple[int, str], list[Reading]] = defaultdict(list)
    for row in session.scalars(query):
        readings[row.placement_number, row.name].append(Reading(row.day, row.total, row.added))
    found: dict[int, Daily] = {number: {} for number in since}
    for (number, name), known in readings.items():
        if days := count_days(known, since=since[number]):
            found[number][name] = days
    return found


def total_figures(
    session: Session, numbers: Collection[int], *, names: Collection[str] | None = None
) -> Mapping[int, Mapping[str, int]]:
    """Each placement's figures in all: the sums of its days, without telling the days."""
    latest = (
        sa.func.row_number()
        .over(
            partition_by=(PlacementFigure.placement_number, PlacementFigure.name),
            order_by=(PlacementFigure.total.is_(None), PlacementFigure.day.desc()),
        )
        .label("place")
    )
    query = sa.select(
        PlacementFigure.placement_number,
        PlacementFigure.name,
        PlacementFigure.total,
        PlacementFigure.added,
        latest,
    ).where(PlacementFigure.placement_number.in_(numbers))
    if names is not None:
        query = query.where(PlacementFigure.name.in_(names))
    ranked = query.subquery()
    rows = session.execute(
        sa.select(
            ranked.c.placement_number,
            ranked.c.name,
            sa.func.max(ranked.c.total).filter(ranked.c.place == 1).label("last"),
            sa.func.sum(ranked.c.added).label("own"),
        ).group_by(ranked.c.placement_number, ranked.c.name)
    ).all()
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for row in rows:
        found[row.placement_number][row.name] = int(row.own or 0) if row.last is None else row.last
    mixed = {row.placement_number for row in rows if row.last is not None and row.own is not None}
    for number, daily in daily_figures(session, mixed, names=names).items() if mixed else ():
        found[number] |= {name: sum(days.values()) for name, days in daily.items()}
    return found
