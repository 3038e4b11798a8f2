"""Who sold what: contacts, orders, revenue and cost of each place, by the code that an order itself names.

This is what tills and shops say, not what attribution makes of it: a clerk is measured by the receipts with their code.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.orders.models import Order
from core.placements.models import Placement, PlacementCost
from core.tenants.service import tenant_now
from core.touchpoints.models import Touchpoint

PLACES = ("store", "shelf", "table", "staff", "event")
_KIND = "place"
BY_CLERK = "clerk"
"""Where a visit's detail names the clerk who checked the person in, at whatever place."""


@dataclass(frozen=True)
class Window:
    """Instants [since, until)."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class BoardRow:
    """One place in a window. `revenue_minor` is net of refunds; cancelled orders count as never placed.

    `checked_in` are the visits that a clerk noted down, counted with the clerk wherever the person was.
    """

    placement: Placement
    contacts: int
    checked_in: int
    orders: int
    revenue_minor: int
    cost_minor: int

    @property
    def place(self) -> str:
        """What it is."""
        return str(self.placement.detail.get(_KIND) or "")

    @property
    def store(self) -> str:
        """The number of the store it is, or belongs to."""
        return str(self.placement.detail.get("number") or self.placement.detail.get("belongs_to") or "")


def list_places(session: Session) -> list[Placement]:
    """Every placement that is a place, oldest first."""
    query = sa.select(Placement).where(Placement.detail[_KIND].as_string().in_(PLACES)).order_by(Placement.number)
    return list(session.scalars(query))


def board_of(session: Session, placements: Sequence[Placement], window: Window) -> list[BoardRow]:
    """A row for each of these places, in their order."""
    numbers = [placement.number for placement in placements]
    contacts, checked_in, sales, costs = (
        _contacts(session, numbers, window),
        _checked_in(session, [str(placement.id) for placement in placements], window),
        _sales(session, numbers, window),
        _costs(session, numbers, window),
    )
    return [
        BoardRow(
            placement=placement,
            contacts=contacts.get(placement.number, 0),
            checked_in=checked_in.get(str(placement.id), 0),
            orders=sales.get(placement.number, (0, 0))[0],
            revenue_minor=sales.get(placement.number, (0, 0))[1],
            cost_minor=costs.get(placement.number, 0),
        )
        for placement in placements
    ]


def rank(rows: Collection[BoardRow]) -> list[BoardRow]:
    """Most revenue first, then orders, contacts, check-ins; equal ones by name."""
    return sorted(
        rows, key=lambda row: (-row.revenue_minor, -row.orders, -row.contacts, -row.checked_in, row.placement.name)
    )


def _contacts(session: Session, numbers: Collection[int], window: Window) -> Mapping[int, int]:
    query = (
        sa.select(Contact.origin_placement_number, sa.func.count())
        .where(Contact.origin_placement_number.in_(numbers), Contact.merged_into.is_(None))
        .where(Contact.joined_at >= window.since, Contact.joined_at < window.until)
        .group_by(Contact.origin_placement_number)
    )
    return {number: count for number, count in session.execute(query) if number is not None}


def _checked_in(session: Session, clerks: Collection[str], window: Window) -> Mapping[str, int]:
    clerk = Touchpoint.detail[BY_CLERK].as_string()
    places = sa.select(Placement.number).where(Placement.detail[_KIND].as_string().in_(PLACES))
    query = (
        sa.select(clerk, sa.func.count())
        .where(Touchpoint.placement_number.in_(places), Touchpoint.kind == "visit", clerk.in_(clerks))
        .where(Touchpoint.at >= window.since, Touchpoint.at < window.until)
        .group_by(clerk)
    )
    return dict(session.execute(query).all())


def _sales(session: Session, numbers: Collection[int], window: Window) -> Mapping[int, tuple[int, int]]:
    query = (
        sa.select(Order.placement_number, sa.func.count(), sa.func.sum(Order.amount_minor - Order.refunded_minor))
        .where(Order.placement_number.in_(numbers), Order.state != "cancelled")
        .where(Order.placed_at >= window.since, Order.placed_at < window.until)
        .group_by(Order.placement_number)
    )
    return {number: (count, int(total)) for number, count, total in session.execute(query) if number is not None}


def _costs(session: Session, numbers: Collection[int], window: Window) -> Mapping[int, int]:
    zone = ZoneInfo(tenant_now(session).timezone)
    last = (window.until - timedelta(microseconds=1)).astimezone(zone).date()
    query = (
        sa.select(PlacementCost.placement_number, sa.func.sum(PlacementCost.amount_minor))
        .where(PlacementCost.placement_number.in_(numbers))
        .where(PlacementCost.day >= window.since.astimezone(zone).date(), PlacementCost.day <= last)
        .group_by(PlacementCost.placement_number)
    )
    return {number: int(total) for number, total in session.execute(query)}
