"""How a brand does between two days, against the days before: in all, by channel and by day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from core.channels.service import list_channels
from core.insights.cells import load_cells
from core.insights.cube import UNATTRIBUTED
from core.insights.days import Period, day_number, day_of, today
from core.insights.numbers import Numbers
from core.tenants.service import tenant_now


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


def make_overview(session: Session, *, from_day: date, to_day: date) -> Overview:
    """The local days [from_day, to_day) of the bound tenant."""
    tenant = tenant_now(session)
    period = Period(from_day, to_day, tenant.timezone)
    cells = load_cells(session, period.with_before(), costs_by="day")
    is_now = cells.day >= period.first
    now, before = cells.select(is_now), cells.select(~is_now)
    days = now.by(now.day)
    first, last = min(days, default=period.end), day_number(today(tenant.timezone))
    return Overview(
        tenant.currency,
        now.total(),
        before.total() if len(before.day) else None,
        _named(session, now.by(now.channel)),
        {day_of(day): days.get(day, Numbers()) for day in range(max(period.first, first), min(period.end, last + 1))},
    )


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
