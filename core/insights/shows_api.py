"""What happened in a show: touches by five minutes, and minute by minute the orders that name it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import clock
from core.db import reading
from core.orders.models import Order
from core.placements.models import Placement
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.touchpoints.models import Touchpoint
from core.web import Page, answer, bound_tenant, needs

api = APIBlueprint("shows", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>")
STEP = timedelta(minutes=5)
LONGEST = timedelta(days=1)
SHOWN = ("comment", "visit", "click", "scan", "redeem", "lead", "joined")


class MomentShown(BaseModel):
    """How many touches of one kind there were in the five minutes that begin with `minute` (the show's first is 1)."""

    minute: int
    kind: str
    count: int


class SalesShown(BaseModel):
    """Orders that were placed in one minute of the show (the first is 1), and their value net of refunds."""

    minute: int
    orders: int
    revenue: str


@api.get("/minutes")
@needs("placements:read")
def get_minutes(path: PlacementPath) -> Response:
    """The show's first day at most, from its begin to its end; nothing for minutes in which nothing happened."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        return answer(Page[MomentShown](items=count_by_minute(session, placement)))


@api.get("/minutes/orders")
@needs("placements:read")
def get_order_minutes(path: PlacementPath) -> Response:
    """Orders that name the show, by the minute in which they were placed; nothing for minutes without one."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        currency = tenant_now(session).currency
        items = [
            SalesShown(minute=minute, orders=orders, revenue=from_minor(net, currency))
            for minute, orders, net in sum_by_minute(session, placement)
        ]
        return answer(Page[SalesShown](items=items))


def sum_by_minute(session: Session, placement: Placement) -> list[tuple[int, int, int]]:
    """(minute, orders, revenue net of refunds); a cancelled order counts as never placed."""
    begin, end = _span(placement)
    minute = _place(Order.placed_at, begin, timedelta(minutes=1))
    query = (
        sa.select(minute, sa.func.count(), sa.func.sum(Order.amount_minor - Order.refunded_minor))
        .where(Order.placement_number == placement.number, Order.state != "cancelled")
        .where(Order.placed_at >= begin, Order.placed_at <= end)
        .group_by(minute)
        .order_by(minute)
    )
    return [(int(place) + 1, count, int(net)) for place, count, net in session.execute(query)]


def count_by_minute(session: Session, placement: Placement) -> list[MomentShown]:
    """Touches of people by five minutes and kind."""
    begin, end = _span(placement)
    place = _place(Touchpoint.at, begin, STEP)
    query = (
        sa.select(place, Touchpoint.kind, sa.func.count().label("count"))
        .where(
            Touchpoint.placement_number == placement.number,
            Touchpoint.kind.in_(SHOWN),
            Touchpoint.is_bot.is_(False),
            Touchpoint.at >= begin,
            Touchpoint.at <= end,
        )
        .group_by(place, Touchpoint.kind)
        .order_by(place, Touchpoint.kind)
    )
    minutes = int(STEP.total_seconds()) // 60
    return [
        MomentShown(minute=int(row.place) * minutes + 1, kind=row.kind, count=row.count)
        for row in session.execute(query)
    ]


def _span(placement: Placement) -> tuple[datetime, datetime]:
    longest = placement.starts_at + LONGEST
    return placement.starts_at, min(placement.ends_at or longest, longest)


def _place(at: InstrumentedAttribute[datetime], begin: datetime, step: timedelta) -> sa.Label[int]:
    """Which step of the show an instant lies in, the first being 0."""
    width = int(step.total_seconds()) * 1_000_000
    return ((sa.type_coerce(at, sa.BigInteger) - clock.to_us(begin)) // width).label("place")
