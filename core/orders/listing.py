"""Finding orders: by number, newest first, and whom an order number is about."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.clock import from_us, to_us
from core.contacts.finding import finds_contacts
from core.db import find
from core.errors import FieldError, Invalid
from core.orders.models import Order


def list_orders(
    session: Session, *, text: str | None = None, before: str | None = None, limit: int = 50
) -> list[Order]:
    """Orders, newest first; `text` is a whole order number, `before` the place the last page ended at."""
    query = sa.select(Order).order_by(Order.placed_at.desc(), Order.id.desc()).limit(limit)
    if text is not None and text.strip():
        query = query.where(Order.order_no == text.strip())
    if before is not None:
        at, order_id = _parse_place(before)
        query = query.where(
            sa.or_(Order.placed_at < at, sa.and_(Order.placed_at == at, Order.id < order_id)), Order.placed_at <= at
        )
    return list(session.scalars(query))


def place_of(order: Order) -> str:
    """Where an order stands in the list: when it was placed, then its id."""
    return f"{to_us(order.placed_at)}_{order.id}"


def order_by_id(session: Session, order_id: str) -> Order:
    """One order by its public id. Raises `NotFound`."""
    return find(session, Order, order_id)


@finds_contacts
def find_buyers(session: Session, text: str) -> list[int]:
    """Who placed the orders of this number."""
    return list(session.scalars(sa.select(Order.contact_number).where(Order.order_no == text).limit(20)))


def _parse_place(text: str) -> tuple[datetime, UUID]:
    at, _, order_id = text.partition("_")
    try:
        return from_us(int(at)), UUID(order_id)
    except (ValueError, OverflowError):
        raise Invalid(fields=[FieldError("cursor", "malformed", "Use `next` of the last answer.")]) from None
