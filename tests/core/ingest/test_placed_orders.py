"""A code in an order leads to who sold it; refunds told in parts add up whatever comes first."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.ingest.facts import take
from core.orders.models import Order
from core.placements.service import archive_placement, create_placement, placement_by_number
from core.sdk import Event, IdentityClaim, OrderSeen, Touch
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel

AT = datetime(2026, 5, 1, tzinfo=UTC)
BUYER = (IdentityClaim(kind="phone", value="+8613912345678"),)


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Stores", plugin="offline_store")


def put_out(tenant: Tenant, channel: Channel, name: str, **detail: str) -> int:
    with writing(tenant.number) as session:
        owner = channel_by_number(session, channel.number)
        return create_placement(session, channel=owner, name=name, detail=dict(detail)).number


def tell(tenant: Tenant, channel: Channel, *events: Event) -> None:
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), events)


def rows(tenant: Tenant, model: type[Any]) -> list[Any]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(model).order_by(model.event_id)))


def bought(number: str, **more: Any) -> OrderSeen:
    told = {"event_id": f"o-{number}", "at": AT, "who": BUYER, "order_no": number, "amount": Decimal(100)}
    return OrderSeen.model_validate(told | more)


def refunded(number: str, part: int) -> OrderSeen:
    at = AT + timedelta(hours=part)
    told = {"event_id": f"r-{part}", "at": at, "order_no": number, "state": "refunded", "refund_part": Decimal(part)}
    return OrderSeen.model_validate(told)


def test_detail_names_who_sold(tenant: Tenant, channel: Channel) -> None:
    store = put_out(tenant, channel, "Store", place="store", number="SH01")
    clerk = put_out(tenant, channel, "Clerk", place="staff", code="a017", belongs_to="SH01")
    tell(
        tenant,
        channel,
        bought("1", detail={"code": "A017", "number": "SH01"}),
        bought("2", detail={"code": "nobody", "number": "sh01"}),
        bought("3", detail={"code": "nobody"}),
    )
    assert [order.placement_number for order in rows(tenant, Order)] == [clerk, store, None]


def test_touch_of_no_place_is_dropped(tenant: Tenant, channel: Channel) -> None:
    clerk = put_out(tenant, channel, "Clerk", place="staff", code="A017")
    told = {"at": AT, "who": BUYER, "kind": "redeem", "needs_placement": True}
    tell(
        tenant,
        channel,
        Touch.model_validate(told | {"event_id": "1", "detail": {"code": "A017"}}),
        Touch.model_validate(told | {"event_id": "2", "detail": {"code": "WELCOME"}}),
    )
    assert [(touch.event_id, touch.placement_number) for touch in rows(tenant, Touchpoint)] == [("1", clerk)]


def test_archived_place_keeps_late_orders(tenant: Tenant, channel: Channel) -> None:
    first = put_out(tenant, channel, "Anna", place="staff", code="A017")
    with writing(tenant.number) as session:
        archive_placement(session, placement_by_number(session, first))
    tell(tenant, channel, bought("1", detail={"code": "A017"}))
    second = put_out(tenant, channel, "Ben", place="staff", code="A017")
    tell(tenant, channel, bought("2", detail={"code": "A017"}))
    assert [order.placement_number for order in rows(tenant, Order)] == [first, second]


def test_codes_of_other_brands_are_nobodys(tenant: Tenant, other_tenant: Tenant, channel: Channel) -> None:
    put_out(tenant, channel, "Anna", place="staff", code="A017")
    there = make_channel(other_tenant, "Stores", plugin="offline_store")
    tell(other_tenant, there, bought("1", detail={"code": "A017"}))
    assert rows(other_tenant, Order)[0].placement_number is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_refund_parts_add_up_in_any_order(tenant: Tenant, channel: Channel, order: tuple[int, ...]) -> None:
    events = [bought("1"), refunded("1", 30), refunded("1", 20), refunded("1", 30)]
    for place in order:
        tell(tenant, channel, events[place])
    assert [(row.refunded_minor, row.state) for row in rows(tenant, Order)] == [(5000, "paid")]


def test_parts_never_exceed_the_order(tenant: Tenant, channel: Channel) -> None:
    tell(tenant, channel, bought("1"), refunded("1", 80), refunded("1", 70))
    assert [(row.refunded_minor, row.state) for row in rows(tenant, Order)] == [(10000, "refunded")]
