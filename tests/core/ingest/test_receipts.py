"""Receipts move what we sent forward, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.deliveries import service as deliveries
from core.deliveries.models import Delivery
from core.ingest.facts import take
from core.placements.service import create_placement
from core.sdk import IdentityClaim, Receipt
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

AT = datetime(2026, 5, 1, tzinfo=UTC)
NUMBERS = ("13900000020", "13900000021")


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Texts")


@pytest.fixture
def sent(tenant: Tenant, channel: Channel) -> list[str]:
    """Two messages under one id of the provider, as bulk senders do; returns their keys."""
    with writing(tenant.number) as session:
        placement = create_placement(session, channel=channel_by_number(session, channel.number), name="Blast")
        people = [make_contact(session, phone(text), at=AT) for text in NUMBERS]
        deliveries.plan(session, campaign=1, channel=channel.number, placement=placement.number, contacts=people)
        rows = deliveries.planned_batch(session, 1, 10)
        deliveries.intend(rows)
        session.flush()
        deliveries.settle(session, channel.number, [deliveries.Report(r.number, "accepted", None, "B1") for r in rows])
        return [deliveries.message_key(session, row.number) for row in rows]


def tell(tenant: Tenant, channel: Channel, *receipts: Receipt) -> list[str]:
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), receipts)
    with reading(tenant.number) as session:
        return [row.state for row in session.scalars(sa.select(Delivery).order_by(Delivery.number))]


def receipt(state: str, **more: Any) -> Receipt:
    return Receipt.model_validate({"event_id": f"r-{state}", "at": AT, "state": state} | more)


def test_receipt_by_key_moves_once(tenant: Tenant, channel: Channel, sent: list[str]) -> None:
    late = [receipt("accepted", key=sent[0]), receipt("delivered", key=sent[0])]
    assert tell(tenant, channel, *reversed(late)) == ["delivered", "accepted"]
    assert tell(tenant, channel, *late) == ["delivered", "accepted"]
    with reading(tenant.number) as session:
        kinds = list(session.scalars(sa.select(Touchpoint.kind)))
    assert sorted(kinds) == ["message_delivered", "message_sent"]


def test_shared_id_is_told_by_address(tenant: Tenant, channel: Channel, sent: list[str]) -> None:
    who = (IdentityClaim(kind="phone", value=f"+86{NUMBERS[1]}"),)
    assert tell(tenant, channel, receipt("failed", provider_id="B1", who=who, code="REJECT")) == ["accepted", "failed"]


@pytest.mark.parametrize(
    "names",
    [
        {"provider_id": "B1"},
        {"provider_id": "B2"},
        {"key": "999-1"},
        {"key": "nonsense"},
        {},
        {"provider_id": "B1", "who": (IdentityClaim(kind="phone", value="+8613800009999"),)},
        {"provider_id": "B1", "who": (IdentityClaim(kind="phone", value="12"),)},
    ],
)
def test_unclear_receipt_moves_nothing(
    tenant: Tenant, channel: Channel, sent: list[str], names: dict[str, object]
) -> None:
    assert tell(tenant, channel, receipt("delivered", **names)) == ["accepted", "accepted"]


def test_other_channels_receipt_moves_nothing(tenant: Tenant, channel: Channel, sent: list[str]) -> None:
    other = make_channel(tenant, "Other texts")
    assert tell(tenant, other, receipt("delivered", key=sent[0])) == ["accepted", "accepted"]


@pytest.mark.parametrize(("told", "kept"), [(1, 1), (-5, 0), (24 * 40, 24 * 30)])
def test_late_receipt_keeps_its_time(tenant: Tenant, channel: Channel, told: int, kept: int) -> None:
    hour = timedelta(hours=1)
    with clock.set_to(AT), writing(tenant.number) as session:
        placement = create_placement(session, channel=channel_by_number(session, channel.number), name="Blast")
        people = [make_contact(session, phone(NUMBERS[0]), at=AT)]
        deliveries.plan(session, campaign=1, channel=channel.number, placement=placement.number, contacts=people)
        (row,) = deliveries.planned_batch(session, 1, 10)
        deliveries.intend([row])
        key = deliveries.message_key(session, row.number)
    with clock.set_to(AT + 24 * 30 * hour):
        tell(tenant, channel, receipt("delivered", key=key, at=AT + told * hour))
    with reading(tenant.number) as session:
        assert set(session.scalars(sa.select(Touchpoint.at))) == {AT + kept * hour}
