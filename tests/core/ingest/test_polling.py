"""Receipts, replies and opt-outs that nobody pushes are fetched, each question in its time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.campaigns import service
from core.consent.service import grant, may_send
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DELIVERED, FAILED, SAYS_R, DOUBTFUL = "13900000020", "13900000003", "13900000010", "13900000001"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def people(tenant: Tenant) -> dict[int, str]:
    """Contacts by number, and what the sandbox does with the number they have."""
    with writing(tenant.number) as session:
        numbers = {make_contact(session, phone(number)): number for number in (DELIVERED, FAILED, SAYS_R, DOUBTFUL)}
        for number in numbers:
            grant(session, number, medium="sms", source="test")
    channel = make_channel(tenant, "SMS", plugin="sms", settings={"signature": "山野茶事"})
    with writing(tenant.number) as session:
        campaign = service.create_campaign(
            session, channel, service.Draft(name="Spring", message="新茶到了，拒收请回复R", audience=Everybody())
        )
        service.start(session, campaign)
    run_pending()
    return numbers


def states(tenant: Tenant, people: dict[int, str]) -> dict[str, str]:
    with reading(tenant.number) as session:
        rows = session.execute(sa.select(Delivery.contact_number, Delivery.state)).all()
    return {people[number]: state for number, state in rows}


def poll(after: timedelta) -> None:
    with clock.set_to(NOON + after):
        submit_due_polls()
        run_pending()


def test_receipts_come_back_by_asking(tenant: Tenant, people: dict[int, str]) -> None:
    assert states(tenant, people)[DOUBTFUL] == "unknown"
    for minutes in (3, 30):
        poll(timedelta(minutes=minutes))
    assert states(tenant, people) == {
        DELIVERED: "delivered",
        FAILED: "failed",
        SAYS_R: "delivered",
        DOUBTFUL: "delivered",
    }


def test_opt_out_by_reply_is_heard(tenant: Tenant, people: dict[int, str]) -> None:
    for minutes in (3, 30, 120):
        poll(timedelta(minutes=minutes))
    with reading(tenant.number) as session:
        verdicts = may_send(session, list(people), purpose="marketing", medium="sms")
        kinds = session.scalars(sa.select(Touchpoint.kind)).all()
    assert {people[number] for number, verdict in verdicts.items() if not verdict.allowed} == {SAYS_R}
    assert "reply" in kinds


def test_same_question_is_not_asked_twice(tenant: Tenant, people: dict[int, str]) -> None:
    poll(timedelta(minutes=3))
    with clock.set_to(NOON + timedelta(minutes=3, seconds=1)):
        submit_due_polls()
        assert run_pending() == 0


def test_receipt_twice_is_one_touch(tenant: Tenant, people: dict[int, str]) -> None:
    for minutes in (3, 10, 30, 120):
        poll(timedelta(minutes=minutes))
    with reading(tenant.number) as session:
        kinds = list(session.scalars(sa.select(Touchpoint.kind)))
    assert kinds.count("message_delivered") == 3
