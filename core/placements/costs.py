"""What placements cost, by local day: a planned sum spread over the period, and entries of single days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import insert_new, new_id
from core.errors import FieldError, Invalid
from core.placements.models import Placement, PlacementCost
from core.tenants.service import tenant_now

LONGEST_DAYS = 1000
_PLAN = "plan:"


@dataclass(frozen=True)
class NewCost:
    """One cost of one day. `cost_key` is unique in the placement: telling it twice changes nothing."""

    placement_number: int
    day: date
    amount_minor: int
    cost_key: str
    note: str = ""


def plan_cost(session: Session, placement: Placement, amount_minor: int) -> None:
    """Spread a sum evenly over the placement's local days, in place of the plan before; entries stay.

    Raises:
        Invalid: negative, or a period of more than 1,000 days.
    """
    if amount_minor < 0:
        raise Invalid(fields=[FieldError("cost", "negative", "A cost is not negative.")])
    session.execute(
        sa.delete(PlacementCost).where(
            PlacementCost.placement_number == placement.number, PlacementCost.cost_key.startswith(_PLAN)
        )
    )
    if amount_minor == 0:
        return
    days = local_days(placement.starts_at, placement.ends_at, zone=tenant_now(session).timezone)
    shares = spread(amount_minor, len(days))
    record_costs(
        session,
        [
            NewCost(placement.number, day, share, f"{_PLAN}{day.isoformat()}")
            for day, share in zip(days, shares, strict=True)
            if share
        ],
    )


def add_cost(session: Session, placement: Placement, *, day: date, amount_minor: int, note: str = "") -> None:
    """Enter what one day cost, beside what is there. A negative amount takes back an entry."""
    record_costs(session, [NewCost(placement.number, day, amount_minor, f"entry:{new_id()}", note)])


def record_costs(session: Session, costs: Sequence[NewCost]) -> int:
    """Store the costs that are not there yet (imports bring keys of their own); returns how many were new."""
    currency = tenant_now(session).currency
    rows = [
        {
            "placement_number": cost.placement_number,
            "day": cost.day,
            "amount_minor": cost.amount_minor,
            "currency": currency,
            "note": cost.note,
            "cost_key": cost.cost_key,
        }
        for cost in costs
    ]
    return len(insert_new(session, PlacementCost, rows, conflict=("placement_number", "cost_key")))


def cost_by_placement(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """Minor units that each placement cost in all; placements without cost are left out."""
    query = (
        sa.select(PlacementCost.placement_number, sa.func.sum(PlacementCost.amount_minor))
        .where(PlacementCost.placement_number.in_(numbers))
        .group_by(PlacementCost.placement_number)
    )
    return {number: int(total) for number, total in session.execute(query)}


def planned_cost(session: Session, placement: Placement) -> int:
    """Minor units of the plan, without the entries."""
    total = session.scalar(
        sa.select(sa.func.sum(PlacementCost.amount_minor)).where(
            PlacementCost.placement_number == placement.number, PlacementCost.cost_key.startswith(_PLAN)
        )
    )
    return int(total or 0)


def local_days(starts_at: datetime, ends_at: datetime | None, *, zone: str) -> list[date]:
    """The brand's days from the first instant to the last, both counted.

    Raises:
        Invalid: more than 1,000 days.
    """
    first = starts_at.astimezone(ZoneInfo(zone)).date()
    last = (ends_at or starts_at).astimezone(ZoneInfo(zone)).date()
    count = (last - first).days + 1
    if count > LONGEST_DAYS:
        raise Invalid(fields=[FieldError("ends_at", "too_long", f"With a cost: up to {LONGEST_DAYS} days.")])
    return [first + timedelta(days=offset) for offset in range(count)]


def spread(amount_minor: int, parts: int) -> list[int]:
    """Whole minor units that sum to the amount and differ by at most one; the earlier parts are the larger."""
    share, rest = divmod(amount_minor, parts)
    return [share + (index < rest) for index in range(parts)]


def set_vendor_cost(session: Session, placement_number: int, *, day: date, amount_minor: int) -> None:
    """What the platform says that it charged for the day, in place of what it said before; entries by hand stay."""
    key = f"vendor:{day.isoformat()}"
    record_costs(session, [NewCost(placement_number, day, amount_minor, key)])
    session.execute(
        sa.update(PlacementCost)
        .where(PlacementCost.placement_number == placement_number, PlacementCost.cost_key == key)
        .values(amount_minor=amount_minor)
        .execution_options(synchronize_session=False)
    )
