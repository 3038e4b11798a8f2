"""A clerk's day in numbers: scans, new contacts, visits, check-ins, orders and their value. Nobody is named."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.placements.models import Placement
from core.stores.board import Window, board_of
from core.tenants.service import tenant_now
from core.touchpoints.models import Touchpoint


@dataclass(frozen=True)
class Today:
    """Counts since midnight of the brand.

    `visits` are those at the placement, `checked_in` those whom its clerk noted down, there or at an event.
    """

    scans: int
    visits: int
    checked_in: int
    contacts: int
    orders: int
    revenue_minor: int
    currency: str


def count_today(session: Session, placement: Placement) -> Today:
    """The placement's day so far."""
    tenant = tenant_now(session)
    midnight = clock.now().astimezone(ZoneInfo(tenant.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    window = Window(midnight, midnight + timedelta(days=1))
    (row,) = board_of(session, [placement], window)
    hits = _hits(session, placement, midnight)
    return Today(
        scans=hits.get("scan", 0) + hits.get("click", 0),
        visits=hits.get("visit", 0),
        checked_in=row.checked_in,
        contacts=row.contacts,
        orders=row.orders,
        revenue_minor=row.revenue_minor,
        currency=tenant.currency,
    )


def _hits(session: Session, placement: Placement, since: datetime) -> dict[str, int]:
    query = (
        sa.select(Touchpoint.kind, sa.func.count())
        .where(Touchpoint.placement_number == placement.number, Touchpoint.kind.in_(("scan", "click", "visit")))
        .where(Touchpoint.at >= since, Touchpoint.is_bot.is_(False))
        .group_by(Touchpoint.kind)
    )
    return dict(session.execute(query).all())
