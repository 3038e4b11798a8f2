"""Facts may come in any order: what comes before the thing it speaks of waits for it, a while and not without end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, take_turn, writing
from core.deliveries import service as deliveries
from core.deliveries.models import Delivery
from core.ingest import early
from core.ingest.facts import take
from core.ingest.models import EarlyFact
from core.ingest.receipts import take_early_receipts
from core.orders.models import Order
from core.placements.service import create_placement
from core.sdk import Event, IdentityClaim, OrderSeen, Receipt, Touch
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact

AT = datetime(2026, 5, 1, tzinfo=UTC)
PHONE = (IdentityClaim(kind="phone", value="+8613912345678"),)
_serial = count()


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Live")


def tell(tenant: Tenant, channel: Channel, *events: Event) -> None:
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), events)


def placed(order_no: str, amount: int) -> OrderSeen:
    return OrderSeen(event_id=f"o-{order_no}", at=AT, who=PHONE, order_no=order_no, amount=Decimal(amount))


def refund(order_no: str, amount: int, event_id: str = "r1", *, hours: int = 1) -> OrderSeen:
    at = AT + timedelta(hours=hours)
    return OrderSeen(event_id=event_id, at=at, order_no=order_no, state="refunded", refund=Decimal(amount))


def cancel(order_no: str) -> OrderSeen:
    return OrderSeen(event_id=f"c-{order_no}", at=AT + timedelta(hours=3), order_no=order_no, state="cancelled")


def waiting(tenant: Tenant) -> int:
    with reading(tenant.number) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(EarlyFact)) or 0


def orders(tenant: Tenant, channel: Channel) -> dict[str, tuple[str, int]]:
    with reading(tenant.number) as session:
        query = sa.select(Order).where(Order.channel_number == channel.number)
        return {row.order_no: (row.state, row.net_minor) for row in session.scalars(query)}


def touches(tenant: Tenant, channel: Channel) -> set[tuple[str, str]]:
    with reading(tenant.number) as session:
        query = sa.select(Touchpoint).where(Touchpoint.channel_number == channel.number)
        return {(row.event_id, row.kind) for row in session.scalars(query)}


FACTS: tuple[Event, ...] = (
    placed("N1", 5),
    refund("N1", 2),
    refund("N1", 3, "r2", hours=2),
    placed("N2", 8),
    cancel("N2"),
    placed("N3", 4),
    refund("N3", 4, "r3"),
    Touch(event_id="t1", at=AT, who=PHONE, kind="comment"),
)


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(FACTS), cuts=st.sets(st.integers(1, len(FACTS) - 1)))
def test_order_of_facts_changes_nothing(tenant: Tenant, order: list[Event], cuts: set[int]) -> None:
    shop = make_channel(tenant, f"Shop {next(_serial)}")
    edges = [0, *sorted(cuts), len(FACTS)]
    for start, end in pairwise(edges):
        tell(tenant, shop, *order[start:end])
    assert orders(tenant, shop) == {"N1": ("paid", 200), "N2": ("cancelled", 0), "N3": ("refunded", 0)}
    assert touches(tenant, shop) == {("t1", "comment")}
    assert waiting(tenant) == 0


def test_early_refund_told_twice_waits_once(tenant: Tenant, channel: Channel) -> None:
    tell(tenant, channel, refund("N1", 2))
    tell(tenant, channel, refund("N1", 2))
    assert waiting(tenant) == 1
    tell(tenant, channel, placed("N1", 5), refund("N1", 2))
    assert orders(tenant, channel) == {"N1": ("paid", 300)}


def test_other_channels_order_releases_nothing(tenant: Tenant, channel: Channel) -> None:
    tell(tenant, channel, refund("N1", 2))
    shop = make_channel(tenant, "Shop")
    tell(tenant, shop, placed("N1", 5))
    assert orders(tenant, shop) == {"N1": ("paid", 500)}
    assert waiting(tenant) == 1


def test_only_the_newest_wait(tenant: Tenant, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early, "MOST", 2)
    for number in ("N1", "N2", "N3"):
        tell(tenant, channel, refund(number, 2))
    tell(tenant, channel, placed("N1", 5), placed("N3", 5))
    assert orders(tenant, channel) == {"N1": ("paid", 500), "N3": ("paid", 300)}


def test_nothing_waits_for_ever(tenant: Tenant, channel: Channel) -> None:
    tell(tenant, channel, refund("N1", 2))
    with clock.set_to(clock.now() + early.LIFE + timedelta(days=1)), writing(tenant.number) as session:
        assert early.expire_early(session) == 1
    assert waiting(tenant) == 0


@pytest.mark.parametrize("is_early", [True, False])
def test_receipt_may_overtake_its_message(tenant: Tenant, channel: Channel, is_early: bool) -> None:
    with writing(tenant.number) as session:
        placement = create_placement(session, channel=channel_by_number(session, channel.number), name="Blast")
        people = [make_contact(session)]
        deliveries.plan(session, campaign=1, channel=channel.number, placement=placement.number, contacts=people)
        deliveries.intend(deliveries.planned_batch(session, 1, 10))
    receipt = Receipt(event_id="r1", at=AT, state="delivered", provider_id="B1")
    if is_early:
        tell(tenant, channel, receipt)
    with writing(tenant.number) as session:
        take_turn(session)
        row = session.scalars(sa.select(Delivery)).one()
        deliveries.settle(session, channel.number, [deliveries.Report(row.number, "accepted", None, "B1")])
        session.flush()
        take_early_receipts(session, channel.number, {"B1"})
    if not is_early:
        tell(tenant, channel, receipt)
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(Delivery.state)).one() == "delivered"
    assert {kind for _, kind in touches(tenant, channel)} == {"message_sent", "message_delivered"}
    assert waiting(tenant) == 0
