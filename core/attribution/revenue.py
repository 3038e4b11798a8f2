"""From what was placed to what is credited: the steps between, each in orders and minor units, so that totals can be
held against the shop's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.attribution.lake_journeys import Span
from core.attribution.models import AttributionRun
from core.orders.models import Order

Code = Literal["placed", "cancelled", "refunded", "waiting", "counted", "unattributed", "credited"]


@dataclass(frozen=True, slots=True)
class Settled:
    """Orders placed in a window and their minor units: all, those cancelled, and refunds of the others."""

    placed: int = 0
    placed_minor: int = 0
    cancelled: int = 0
    cancelled_minor: int = 0
    refunded: int = 0
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the way."""

    code: Code
    orders: int
    minor: int


def settle(session: Session, span: Span) -> Settled:
    """As the orders stand now."""
    window = {"begin": clock.from_us(span.start_us), "end": clock.from_us(span.end_us)}
    return Settled(*(int(figure) for figure in session.execute(_SETTLED, window).one()))


def _settled() -> sa.Select[tuple[int, ...]]:
    gone, zero = Order.state == "cancelled", sa.literal(0)
    return sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(Order.amount_minor), 0),
        sa.func.coalesce(sa.func.sum(sa.case((gone, 1), else_=zero)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((gone, Order.amount_minor), else_=zero)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((sa.and_(~gone, Order.refunded_minor > 0), 1), else_=zero)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((gone, zero), else_=Order.refunded_minor)), 0),
    ).where(Order.placed_at >= sa.bindparam("begin"), Order.placed_at < sa.bindparam("end"))


_SETTLED = _settled()


def revenue_steps(run: AttributionRun) -> Sequence[Step]:
    """placed - cancelled - refunded - waiting = counted, and counted - unattributed = credited. waiting: what the lake
    did not hold yet; the others are whole orders, refunds are parts of them. Nothing for runs made before this was
    kept."""
    if not run.settled:
        return []
    kept = Settled(**run.settled)
    waiting = kept.placed - kept.cancelled - run.orders
    waiting_minor = kept.placed_minor - kept.cancelled_minor - kept.refunded_minor - run.value_minor
    return [
        Step("placed", kept.placed, kept.placed_minor),
        Step("cancelled", kept.cancelled, kept.cancelled_minor),
        Step("refunded", kept.refunded, kept.refunded_minor),
        Step("waiting", waiting, waiting_minor),
        Step("counted", run.orders, run.value_minor),
        Step("unattributed", run.lost_orders, run.lost_minor),
        Step("credited", run.orders - run.lost_orders, run.value_minor - run.lost_minor),
    ]
