"""Recording orders once each, refunds and cancellations, and finding orders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.feed import tell_lake
from core.contacts.models import Contact
from core.db import among, insert_columns, new_ids
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.orders.models import STATES, Order, OrderChange
from core.tenants.currencies import LARGEST_MINOR

MAX_EVENT_ID = 200
MAX_ORDER_NO = 100


class NewOrder(NamedTuple):
    """An order to record; the amount is in minor units of the tenant's currency."""

    event_id: str
    channel_number: int
    order_no: str
    contact_number: int
    placed_at: datetime
    amount_minor: int
    currency: str
    state: str = "placed"
    placement_number: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Which of the given are new, by their places, and how many were there already."""

    new: Sequence[int]
    duplicates: int


def record(session: Session, orders: Sequence[NewOrder]) -> Recorded:
    """Store the orders that are not there yet: neither by event nor by order number of the channel.

    Raises:
        Invalid: a bad amount, state, event id or order number.
    """
    known = _known_numbers(session, orders)
    places: list[int] = []
    for i, order in enumerate(orders):
        _check(i, order)
        name = (order.channel_number, order.order_no.strip())
        if name not in known:
            known.add(name)
            places.append(i)
    if not places:
        return Recorded(new=(), duplicates=len(orders))
    columns = _columns([orders[i] for i in places])
    new = [places[i] for i in insert_columns(session, Order, columns, conflict=("channel_number", "event_id"))]
    if new:
        tell_lake(session)
    return Recorded(new=new, duplicates=len(orders) - len(new))


def refund(
    session: Session, *, channel_number: int, order_no: str, amount_minor: int, event_id: str, at: datetime
) -> Order:
    """Give back a part of an order, or all of it; the same event again changes nothing.

    Raises:
        NotFound: the channel has no such order.
        Invalid: the amount is not positive, or more than what is left.
        Conflict: the order is cancelled.
    """
    order = find_order(session, channel_number=channel_number, order_no=order_no)
    if _is_known(session, channel_number, event_id):
        return order
    left = order.amount_minor - order.refunded_minor
    if order.state == "cancelled":
        raise Conflict(f"Order {order_no} is cancelled; there is nothing to refund.")
    if not 0 < amount_minor <= left:
        raise Invalid(fields=[FieldError("amount", "range", "refund more than nothing and at most what is left")])
    _note_change(session, order, kind="refund", amount_minor=amount_minor, event_id=event_id, at=at)
    order.refunded_minor += amount_minor
    if order.refunded_minor == order.amount_minor:
        order.state = "refunded"
    session.flush()
    return order


def refund_cancelled(
    session: Session, *, channel_number: int, order_no: str, amount_minor: int, event_id: str, at: datetime
) -> Order:
    """Remember a refund of an order that is cancelled already; it stays as if never placed.

    Sources tell both, in any order: whichever comes last, the order ends up the same.
    """
    order = find_order(session, channel_number=channel_number, order_no=order_no)
    if not _is_known(session, channel_number, event_id):
        _note_change(session, order, kind="refund", amount_minor=amount_minor, event_id=event_id, at=at)
        order.refunded_minor += amount_minor
        session.flush()
    return order


def cancel(session: Session, *, channel_number: int, order_no: str, event_id: str, at: datetime) -> Order:
    """Take an order back as if never placed; cancelling again changes nothing.

    Raises:
        NotFound: the channel has no such order.
    """
    order = find_order(session, channel_number=channel_number, order_no=order_no)
    if order.state == "cancelled" or _is_known(session, channel_number, event_id):
        return order
    _note_change(session, order, kind="cancel", amount_minor=order.net_minor, event_id=event_id, at=at)
    order.state = "cancelled"
    session.flush()
    return order


def find_order(session: Session, *, channel_number: int, order_no: str) -> Order:
    """The channel's order by its number; on PostgreSQL it stays locked until the end of the transaction.

    Raises:
        NotFound: the channel has no such order.
    """
    query = sa.select(Order).where(Order.channel_number == channel_number, Order.order_no == order_no.strip())
    order = session.scalar(query.with_for_update())
    if order is None:
        raise NotFound(f"There is no order {order_no} on this channel.")
    return order


def orders_of(session: Session, contact_numbers: Collection[int], *, limit: int = 200) -> list[Order]:
    """The newest orders of these contacts."""
    query = (
        sa.select(Order)
        .join(Contact, Contact.number == Order.contact_number)
        .where(Order.contact_number.in_(contact_numbers))
        .where(sa.or_(Contact.facts_since.is_(None), Order.placed_at >= Contact.facts_since))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def _known_numbers(session: Session, orders: Sequence[NewOrder]) -> set[tuple[int, str]]:
    numbers = {order.order_no.strip() for order in orders}
    query = sa.select(Order.channel_number, Order.order_no).where(among(session, Order.order_no, numbers))
    return set(session.execute(query).all()) if numbers else set()


def _check(i: int, order: NewOrder) -> None:
    if not 0 <= order.amount_minor <= LARGEST_MINOR:
        raise Invalid(fields=[FieldError(f"{i}.amount", "range", "an amount is 0 or more, and not astronomical")])
    if order.state not in STATES:
        raise Invalid(fields=[FieldError(f"{i}.state", "unknown", f"{order.state!r} is none of {', '.join(STATES)}")])
    if not 0 < len(order.event_id) <= MAX_EVENT_ID:
        raise Invalid(fields=[FieldError(f"{i}.event_id", "length", f"give 1 to {MAX_EVENT_ID} characters")])
    if not 0 < len(order.order_no.strip()) <= MAX_ORDER_NO:
        raise Invalid(fields=[FieldError(f"{i}.order_no", "length", f"give 1 to {MAX_ORDER_NO} characters")])


def _columns(orders: Sequence[NewOrder]) -> dict[str, Sequence[object]]:
    columns: dict[str, Sequence[object]] = dict(zip(NewOrder._fields, zip(*orders, strict=True), strict=True))
    return columns | {
        "id": new_ids(len(orders)),
        "order_no": [order.order_no.strip() for order in orders],
        "refunded_minor": [order.amount_minor if order.state == "refunded" else 0 for order in orders],
    }


def _is_known(session: Session, channel_number: int, event_id: str) -> bool:
    query = sa.select(OrderChange.id).where(
        OrderChange.channel_number == channel_number, OrderChange.event_id == event_id
    )
    return session.scalar(query) is not None


def _note_change(session: Session, order: Order, *, kind: str, amount_minor: int, event_id: str, at: datetime) -> None:
    session.add(
        OrderChange(
            order_id=order.id,
            channel_number=order.channel_number,
            event_id=event_id,
            kind=kind,
            amount_minor=amount_minor,
            at=at,
        )
    )
    tell_lake(session)
