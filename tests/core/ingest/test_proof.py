"""What only a hook's address vouches for shuts addresses and moves what we sent, and brings nobody in."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.consent.service import is_suppressed, may_send
from core.contacts.models import Contact
from core.db import reading, writing
from core.ingest.facts import Taken, take
from core.sdk import Event, IdentityClaim, OptOut, Reply
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel
from tests.factories.deliveries import make_deliveries

AT = datetime(2026, 5, 1, tzinfo=UTC)
RECIPIENT, STRANGER = "13900000020", "13800000099"


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    made = make_channel(tenant, "Texts")
    make_deliveries(tenant, made, RECIPIENT)
    return made


def said(number: str, **more: Any) -> list[Event]:
    told = {"at": AT, "who": (IdentityClaim(kind="phone", value=f"+86{number}"),), "medium": "sms"} | more
    reply = Reply.model_validate(told | {"event_id": f"reply-{number}", "text": "R"})
    return [reply, OptOut.model_validate(told | {"event_id": f"optout-{number}", "word": "R"})]


def heed(tenant: Tenant, channel: Channel, *events: Event) -> Taken:
    with writing(tenant.number) as session:
        return take(session, channel_by_number(session, channel.number), events)


def seen(tenant: Tenant) -> tuple[int, int]:
    """How many people and how many touches of theirs there are."""
    with reading(tenant.number) as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (Contact, Touchpoint)]
    return counts[0] or 0, counts[1] or 0


def is_shut(tenant: Tenant, number: str) -> bool:
    with reading(tenant.number) as session:
        return is_suppressed(session, "phone", number)


def test_recipients_reply_counts(tenant: Tenant, channel: Channel) -> None:
    taken = heed(tenant, channel, *said(RECIPIENT, is_proven=False))
    assert (seen(tenant), is_shut(tenant, RECIPIENT), taken.refused) == ((1, 1), True, {})
    with reading(tenant.number) as session:
        (verdict,) = may_send(session, [1], purpose="marketing", medium="sms").values()
    assert not verdict.allowed


def test_stranger_only_shuts_an_address(tenant: Tenant, channel: Channel) -> None:
    before = seen(tenant)
    taken = heed(tenant, channel, *said(STRANGER, is_proven=False))
    assert (seen(tenant), is_shut(tenant, STRANGER)) == (before, True)
    assert set(taken.refused) == {f"reply-{STRANGER}", f"optout-{STRANGER}"}


def test_proven_stranger_is_somebody(tenant: Tenant, channel: Channel) -> None:
    heed(tenant, channel, *said(STRANGER))
    assert seen(tenant) == (2, 1)


def test_recipient_of_another_channel_is_a_stranger(tenant: Tenant, channel: Channel) -> None:
    other = make_channel(tenant, "Other texts")
    reply, opt_out = said(RECIPIENT, is_proven=False)
    assert set(heed(tenant, other, reply, opt_out).refused) == {reply.event_id}
    assert is_shut(tenant, RECIPIENT)


def test_nameless_replies_are_passed_over(tenant: Tenant, channel: Channel) -> None:
    before = seen(tenant)
    nobody = Reply(event_id="r", at=AT, medium="sms", text="hi", is_proven=False)
    heed(tenant, channel, nobody, *said("12", is_proven=False))
    assert seen(tenant) == before
