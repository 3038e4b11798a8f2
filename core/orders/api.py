"""Orders over HTTP: list, search by order number, one order."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session, aliased

from core.channels.models import Channel
from core.contacts.lookup import ROOT
from core.contacts.models import Contact
from core.contacts.sections import shows_contacts
from core.db import reading
from core.orders import listing, service
from core.orders.models import Order
from core.tenants.currencies import from_minor
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("orders", __name__, url_prefix="/v1/tenants/<tenant>/orders")


class OrderPath(TenantPath):
    """One order of a tenant."""

    order: str = Field(max_length=64)


class OrdersQuery(PageQuery):
    """Orders, newest first; `q` is a whole order number."""

    q: str | None = Field(None, max_length=100)


class OrderShown(BaseModel):
    """An order; money is exact, as text in major units."""

    id: str
    order_no: str
    state: str
    placed_at: datetime
    amount: str
    refunded: str
    net: str
    currency: str
    channel_id: str
    channel: str
    contact_id: str


@api.get("")
@needs("attribution:read")
def list_orders(path: TenantPath, query: OrdersQuery) -> Response:
    """Orders, newest first."""
    with reading(bound_tenant()) as session:
        rows = listing.list_orders(session, text=query.q, before=query.after(), limit=query.limit + 1)
        shown = {order.id: order for order in show_orders(session, rows[: query.limit])}
        return answer(page_of(rows, query, listing.place_of, lambda row: shown[str(row.id)]))


@api.get("/<order>")
@needs("attribution:read")
def get_order(path: OrderPath) -> Response:
    """One order."""
    with reading(bound_tenant()) as session:
        return answer(show_orders(session, [listing.order_by_id(session, path.order)])[0])


@shows_contacts("orders")
def show_bought(session: Session, numbers: Collection[int]) -> list[BaseModel]:
    """The orders on a contact's page."""
    return [*show_orders(session, service.orders_of(session, numbers))]


def show_orders(session: Session, orders: Sequence[Order]) -> list[OrderShown]:
    """Orders with their channel's name and the person who placed them."""
    wanted = {order.channel_number for order in orders}
    channels = {row.number: row for row in session.scalars(sa.select(Channel).where(Channel.number.in_(wanted)))}
    people = _person_ids(session, {order.contact_number for order in orders})
    return [
        OrderShown(
            id=str(order.id),
            order_no=order.order_no,
            state=order.state,
            placed_at=order.placed_at,
            amount=from_minor(order.amount_minor, order.currency),
            refunded=from_minor(order.refunded_minor, order.currency),
            net=from_minor(order.net_minor, order.currency),
            currency=order.currency,
            channel_id=str(channels[order.channel_number].id),
            channel=channels[order.channel_number].name,
            contact_id=people[order.contact_number],
        )
        for order in orders
    ]


def _person_ids(session: Session, numbers: Collection[int]) -> dict[int, str]:
    root = aliased(Contact)
    query = sa.select(Contact.number, root.id).join(root, root.number == ROOT).where(Contact.number.in_(numbers))
    return {number: str(person) for number, person in session.execute(query)}
