"""Whatever a plugin reports, good events become facts once and a bad one costs only itself."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.contacts.models import Contact
from core.contacts.service import profile_of
from core.db import reading, writing
from core.ingest.facts import Taken, take
from core.orders.models import Order
from core.placements.models import Link, Placement
from core.placements.service import create_placement
from core.plugin_host import host
from core.referrals.models import Referral
from core.sdk import Event, IdentityClaim, IdentitySeen, Lead, OrderSeen, Touch
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel

AT = datetime(2026, 5, 1, tzinfo=UTC)
PHONE = (IdentityClaim(kind="phone", value="+8613912345678"),)


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Live")


def tell(tenant: Tenant, channel: Channel, *events: Event) -> Taken:
    with writing(tenant.number) as session:
        return take(session, channel_by_number(session, channel.number), events)


def rows(tenant: Tenant, model: type[Any]) -> list[Any]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def touch(event_id: str = "e1", **more: Any) -> Touch:
    return Touch.model_validate({"event_id": event_id, "at": AT, "who": PHONE, "kind": "comment"} | more)


def test_events_told_twice_count_once(tenant: Tenant, channel: Channel) -> None:
    events = (touch(), OrderSeen(event_id="o1", at=AT, who=PHONE, order_no="N1", amount=Decimal("12.5")))
    first, second = tell(tenant, channel, *events), tell(tenant, channel, *events)
    assert (first.touchpoints, first.orders) == (1, 1)
    assert (second.touchpoints, second.orders, second.duplicates) == (0, 0, 2)


def test_bad_events_cost_only_themselves(tenant: Tenant, channel: Channel) -> None:
    taken = tell(
        tenant,
        channel,
        touch("nobody", who=()),
        touch("fake", who=(IdentityClaim(kind="phone", value="12"),)),
        OrderSeen(event_id="cents", at=AT, who=PHONE, order_no="N1", amount=Decimal("1.005")),
        OrderSeen(event_id="dollars", at=AT, who=PHONE, order_no="N2", amount=Decimal(1), currency="USD"),
        OrderSeen(event_id="empty", at=AT, who=PHONE, order_no="N3"),
        touch("good"),
    )
    assert set(taken.refused) == {"nobody", "fake", "cents", "dollars", "empty"}
    assert [row.event_id for row in rows(tenant, Touchpoint)] == ["good"]
    assert rows(tenant, Order) == []


def test_codes_lead_to_their_placement(tenant: Tenant, channel: Channel) -> None:
    with writing(tenant.number) as session:
        owner = channel_by_number(session, channel.number)
        create_placement(session, channel=owner, name="Poster", target_url="https://example.com/")
    code, placement = rows(tenant, Link)[0].code, rows(tenant, Placement)[0]
    site = make_channel(tenant, "Site", plugin="web")
    tell(tenant, site, touch("by code", code=code), touch("by id", placement_id=str(placement.id)), touch("by nothing"))
    found = {row.event_id: (row.channel_number, row.placement_number) for row in rows(tenant, Touchpoint)}
    there = (channel.number, placement.number)
    assert found == {"by code": there, "by id": there, "by nothing": (site.number, None)}


def test_foreign_codes_lead_nowhere(tenant: Tenant, other_tenant: Tenant, channel: Channel) -> None:
    theirs = make_channel(other_tenant, "Theirs")
    with writing(other_tenant.number) as session:
        owner = channel_by_number(session, theirs.number)
        create_placement(session, channel=owner, name="Poster", target_url="https://example.com/")
    code, placement = rows(other_tenant, Link)[0].code, rows(other_tenant, Placement)[0]
    tell(tenant, channel, touch("e1", code=code), touch("e2", placement_id=str(placement.id)), touch("e3", code="?"))
    assert {row.placement_number for row in rows(tenant, Touchpoint)} == {None}


def test_refund_follows_its_order(tenant: Tenant, channel: Channel) -> None:
    gone = OrderSeen(event_id="r1", at=AT, order_no="N1", state="refunded", refund=Decimal(2))
    assert tell(tenant, channel, gone).refused == {}
    assert rows(tenant, Order) == []
    for _ in range(2):
        tell(tenant, channel, gone, OrderSeen(event_id="o1", at=AT, who=PHONE, order_no="N1", amount=Decimal(5)))
    assert [row.net_minor for row in rows(tenant, Order)] == [300]


def test_traits_and_answers_are_kept(tenant: Tenant, channel: Channel) -> None:
    seen = IdentitySeen(event_id="i1", at=AT, who=PHONE, traits={"city": "成都", "phone": "secret"})
    lead = Lead(event_id="l1", at=AT, who=PHONE, fields={"尺码": "M"})
    tell(tenant, channel, seen, lead)
    assert [row.kind for row in rows(tenant, Touchpoint)] == ["lead"]
    with reading(tenant.number) as session:
        assert profile_of(session, rows(tenant, Contact)[0].number) == {"city": "成都", "尺码": "M"}


def test_identity_tells_of_the_inviter(tenant: Tenant, channel: Channel) -> None:
    inviter = (IdentityClaim(kind="customer_id", value="u1"),)
    seen = IdentitySeen(event_id="i1", at=AT, who=PHONE, invited_by="u1")
    tell(tenant, channel, seen, IdentitySeen(event_id="i2", at=AT, who=inviter))
    tell(tenant, channel, seen)
    [row] = rows(tenant, Referral)
    known = {contact.number: contact for contact in rows(tenant, Contact)}
    assert {row.invitee_number, row.inviter_number} == set(known)
    assert (row.source, row.at) == ("identify", AT)


def test_vendors_ids_lead_to_their_placement(tenant: Tenant, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(host().channels["other"]), "placement_keys", ("vendor_campaign",))
    with writing(tenant.number) as session:
        owner = channel_by_number(session, channel.number)
        create_placement(session, channel=owner, name="Older", detail={"vendor_campaign": "v1, v2"})
        create_placement(session, channel=owner, name="Newer", detail={"vendor_campaign": "v2，v3"})
    lead = Lead(event_id="lead", at=AT, who=PHONE, detail={"vendor_campaign": "v3", "is_paid": True})
    told = [touch(name, detail={"vendor_campaign": name}) for name in ("v1", "v2", "v9")]
    tell(tenant, channel, lead, *told)
    older, newer = (row.number for row in rows(tenant, Placement))
    found = {row.event_id: row.placement_number for row in rows(tenant, Touchpoint)}
    assert found == {"lead": newer, "v1": older, "v2": older, "v9": None}
    assert rows(tenant, Touchpoint)[0].detail == {"vendor_campaign": "v3", "is_paid": True}


@pytest.mark.parametrize("turn", list(itertools.permutations(range(3))))
def test_refund_and_cancellation_agree_in_any_order(tenant: Tenant, channel: Channel, turn: tuple[int, ...]) -> None:
    told = (
        OrderSeen(event_id="o1", at=AT, who=PHONE, order_no="N1", amount=Decimal(10)),
        OrderSeen(event_id="r1", at=AT, order_no="N1", state="refunded", refund=Decimal(4)),
        OrderSeen(event_id="c1", at=AT, order_no="N1", state="cancelled"),
    )
    for place in (*turn, *turn):
        tell(tenant, channel, told[place])
    (order,) = rows(tenant, Order)
    assert (order.state, order.refunded_minor, order.net_minor) == ("cancelled", 400, 0)
