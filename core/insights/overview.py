"""How a brand does between two days, against the days before: in all, by channel and by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.attribution.days import EPOCH
from core.channels.service import list_channels
from core.contacts.models import Contact
from core.insights.counting import load_cube
from core.insights.cube import UNATTRIBUTED, Cube
from core.placements.models import Placement, PlacementCost
from core.tenants.service import tenant_now

QUARTER_US = 900_000_000
"""No time zone's midnight lies inside a quarter of an hour, so contacts are counted by quarters in SQL."""


@dataclass(slots=True)
class Numbers:
    """Counts, and money in minor units."""

    contacts: int = 0
    touchpoints: int = 0
    orders: int = 0
    first_orders: int = 0
    revenue: int = 0
    cost: int = 0

    def add(self, other: "Numbers") -> None:
        """Both together."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def cac(self) -> float | None:
        """Minor units of cost for each contact whose first order is credited here."""
        return self.cost / self.first_orders if self.first_orders and self.cost else None

    @property
    def cost_per_contact(self) -> float | None:
        """Minor units of cost for each contact who joined by this."""
        return self.cost / self.contacts if self.contacts and self.cost else None

    @property
    def roas(self) -> float | None:
        """Revenue over cost."""
        return self.revenue / self.cost if self.cost else None


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """One channel's; the unattributed row has no key."""

    key: str
    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Overview:
    """now, before: of the window and of as many days before it (None when it reaches back to the beginning)."""

    currency: str
    now: Numbers
    before: Numbers | None
    by_channel: list[ChannelNumbers]
    by_day: dict[date, Numbers] = field(default_factory=dict)


Cell = tuple[int, int]
"""(channel number, days since 1970)."""


def make_overview(session: Session, *, from_day: date, to_day: date) -> Overview:
    """The local days [from_day, to_day) of the bound tenant."""
    tenant = tenant_now(session)
    start, end = _number(from_day), _number(to_day)
    cells = _cells(session, from_day - (to_day - from_day), to_day, tenant.timezone)
    now, before = Numbers(), Numbers()
    channels: dict[int, Numbers] = defaultdict(Numbers)
    days: dict[int, Numbers] = defaultdict(Numbers)
    for (channel, day), numbers in cells.items():
        if day < start:
            before.add(numbers)
            continue
        now.add(numbers)
        channels[channel].add(numbers)
        days[day].add(numbers)
    first = min(days, default=end)
    has_past = any(day < start for _, day in cells)
    return Overview(
        tenant.currency,
        now,
        before if has_past else None,
        _named(session, channels),
        {EPOCH + timedelta(days=day): days[day] for day in range(max(start, first), min(end, _today(tenant.timezone)))},
    )


def make_totals(session: Session, *, from_day: date, to_day: date) -> Numbers:
    """The window's totals only."""
    total = Numbers()
    for numbers in _cells(session, from_day, to_day, tenant_now(session).timezone).values():
        total.add(numbers)
    return total


def _cells(session: Session, from_day: date, to_day: date, zone: str) -> Mapping[Cell, Numbers]:
    cells: dict[Cell, Numbers] = defaultdict(Numbers)
    for cell, numbers in _facts(load_cube(session).between(_number(from_day), _number(to_day))):
        cells[cell].add(numbers)
    for cell, count in _joined(session, from_day, to_day, zone):
        cells[cell].contacts += count
    for cell, amount in _costs(session, from_day, to_day):
        cells[cell].cost += amount
    return cells


def _facts(cube: Cube) -> Iterator[tuple[Cell, Numbers]]:
    columns = (cube.channel, cube.day, cube.touchpoints, cube.orders, cube.first_orders, cube.revenue)
    for channel, day, touchpoints, orders, first_orders, revenue in zip(*(c.tolist() for c in columns), strict=True):
        yield (
            (channel, day),
            Numbers(touchpoints=touchpoints, orders=orders, first_orders=first_orders, revenue=revenue),
        )


def _joined(session: Session, from_day: date, to_day: date, zone: str) -> Iterator[tuple[Cell, int]]:
    """Contacts by the channel and local day that they joined by."""
    quarter = sa.type_coerce(Contact.joined_at, sa.BigInteger).op("/")(sa.literal(QUARTER_US, sa.BigInteger))
    query = (
        sa.select(Contact.origin_channel_number, quarter, sa.func.count())
        .where(Contact.merged_into.is_(None), Contact.joined_at >= _midnight(from_day, zone))
        .where(Contact.joined_at < _midnight(to_day, zone))
        .group_by(Contact.origin_channel_number, quarter)
    )
    place = ZoneInfo(zone)
    for channel, slot, count in session.execute(query):
        local = clock.from_us(int(slot) * QUARTER_US).astimezone(place).date()
        yield (channel or UNATTRIBUTED, _number(local)), count


def _costs(session: Session, from_day: date, to_day: date) -> Iterable[tuple[Cell, int]]:
    query = (
        sa.select(Placement.channel_number, PlacementCost.day, sa.func.sum(PlacementCost.amount_minor))
        .join(Placement, Placement.number == PlacementCost.placement_number)
        .where(PlacementCost.day >= from_day, PlacementCost.day < to_day)
        .group_by(Placement.channel_number, PlacementCost.day)
    )
    rows: Iterable[Any] = session.execute(query)
    return [((channel, _number(day)), int(amount)) for channel, day, amount in rows]


def _named(session: Session, channels: Mapping[int, Numbers]) -> list[ChannelNumbers]:
    """Channels where anything happened, those with most revenue first, the unattributed row last."""
    found = [
        ChannelNumbers(str(channel.id), channel.name, channels[channel.number])
        for channel in list_channels(session)
        if channel.number in channels
    ]
    found.sort(key=lambda row: (-row.numbers.revenue, row.name))
    lost = channels.get(UNATTRIBUTED)
    return [*found, *([ChannelNumbers("", "", lost)] if lost else [])]


def _number(day: date) -> int:
    return (day - EPOCH).days


def _today(zone: str) -> int:
    """The day after today: the last one shown is today."""
    return _number(clock.now().astimezone(ZoneInfo(zone)).date()) + 1


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
