"""Who was erased: old news of them stays nameless, and they may come back as somebody new whose refusals stand."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.consent import service as consent
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.opening import identities_of
from core.db import reading, vault_of, writing
from core.erasure.service import erase_contact
from core.errors import Conflict
from core.ingest.claims import Asked, keep_claims
from core.ingest.facts import take
from core.ingest.models import Claim, EarlyFact
from core.lake.flush import flush_lake, rebuild_lake
from core.placements.service import create_placement
from core.referrals.claiming import InviterTold, claim_inviters
from core.referrals.models import PendingReferral
from core.sdk import ClaimAsked, IdentityClaim, Lead, Receipt
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.core.lake.made_facts import lake_rows
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

PHONE = IdentityClaim(kind="phone", value="13912345678")
EMAIL = IdentityClaim(kind="email", value="ann@example.com")


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Texts")


@pytest.fixture
def shell(tenant: Tenant, channel: Channel) -> int:
    """Ann, who refused everything but what she bought, and was erased just now."""
    with writing(tenant.number) as session:
        number = make_contact(session, phone(PHONE.value), at=clock.now() - timedelta(days=9))
        consent.grant(session, number, medium="sms", source="form")
        consent.withdraw(session, number, purpose="notice", medium="sms", source="reply")
        erase(session, number)
    return number


def tell(tenant: Tenant, channel: Channel, at: datetime, *who: IdentityClaim) -> int:
    """A lead of this person at this instant; who it was recorded for."""
    lead = Lead(event_id=f"lead-{at.isoformat()}", at=at, who=who, fields={"name": "Ann"}, detail={"form": "spring"})
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), [lead])
        return session.scalars(sa.select(Touchpoint.contact_number).where(Touchpoint.event_id == lead.event_id)).one()


def erase(session: Session, number: int) -> None:
    erase_contact(session, str(session.scalars(sa.select(Contact.id).where(Contact.number == number)).one()))


def before() -> datetime:
    return clock.now() - timedelta(days=1)


def test_old_news_meets_nameless_contact(tenant: Tenant, channel: Channel, shell: int) -> None:
    assert tell(tenant, channel, before(), PHONE, EMAIL) == shell
    with reading(tenant.number) as session:
        assert identities_of(session, [shell])[shell] == []
        assert contacts.profile_of(session, shell) == {}
        assert [touch.detail for touch in session.scalars(sa.select(Touchpoint))] == [{}]


def test_later_deed_makes_new_contact(tenant: Tenant, channel: Channel, shell: int) -> None:
    back = tell(tenant, channel, clock.now(), PHONE, EMAIL)
    assert back != shell
    assert tell(tenant, channel, before(), PHONE) == shell
    with reading(tenant.number) as session:
        assert len(identities_of(session, [back])[back]) == 2
        assert contacts.profile_of(session, back) == {"name": "Ann"}
    flush_lake(tenant.number)
    assert [row[0] for row in lake_rows(tenant)[0]] == [back]
    rebuild_lake(tenant.number)
    assert [row[0] for row in lake_rows(tenant)[0]] == [back]


def test_old_and_new_in_one_batch(tenant: Tenant, shell: int) -> None:
    claims = [[contacts.IdentityClaim("phone", PHONE.value)]] * 2
    with writing(tenant.number) as session:
        old, new = contacts.resolve(session, claims, at=[before(), clock.now()])
    assert (old, new > shell) == (shell, True)


def test_undated_row_brings_nobody_back(tenant: Tenant, shell: int) -> None:
    claims = [[contacts.IdentityClaim("phone", PHONE.value)]]
    with writing(tenant.number) as session:
        assert contacts.resolve(session, claims, undated={0}) == [shell]
        contacts.tag(session, [shell], tags=["vip"])
        assert contacts.tags_of(session, [shell])[shell] == []


def test_old_row_of_another_keeps_them(tenant: Tenant, channel: Channel, shell: int) -> None:
    bob = tell(tenant, channel, clock.now(), EMAIL)
    assert tell(tenant, channel, before(), PHONE, EMAIL) == bob
    with reading(tenant.number) as session:
        assert [one.kind for one in identities_of(session, [bob])[bob]] == ["email"]


def test_yes_is_asked_anew_no_stands(tenant: Tenant, channel: Channel, shell: int) -> None:
    back = tell(tenant, channel, clock.now(), PHONE)
    with reading(tenant.number) as session:
        marketing = consent.may_send(session, [back], purpose="marketing", medium="sms")[back]
        notice = consent.may_send(session, [back], purpose="notice", medium="sms")[back]
    assert (marketing.reason, notice.reason) == ("no_consent", "withdrawn")


def test_nobody_is_joined_with_erased(tenant: Tenant, channel: Channel, shell: int) -> None:
    back = tell(tenant, channel, clock.now(), PHONE)
    with pytest.raises(Conflict, match="erased"), writing(tenant.number) as session:
        contacts.merge(session, loser=shell, into=back)


def test_waiting_receipt_loses_its_name(tenant: Tenant, channel: Channel) -> None:
    with writing(tenant.number) as session:
        number = make_contact(session, phone(PHONE.value), at=before())
        told = [
            Receipt(event_id=f"r{i}", at=before(), state="delivered", provider_id=f"p{i}", who=(who,))
            for i, who in enumerate((PHONE, EMAIL))
        ]
        take(session, channel_by_number(session, channel.number), told)
        erase(session, number)
    with reading(tenant.number) as session:
        vault = vault_of(session)
        rows = session.scalars(sa.select(EarlyFact).order_by(EarlyFact.event_id)).all()
        plain = [vault.unseal("early_fact", row.id, "body", row.body).decode() for row in rows]
    assert (PHONE.value in plain[0], EMAIL.value in plain[1]) == (False, True)


def test_erased_person_waits_for_nobody(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        ann, bob = (make_contact(session, phone(text), at=before()) for text in (PHONE.value, "13912345679"))
        claim_inviters(session, [InviterTold(one, "13912345670", before(), "import") for one in (ann, bob)])
        erase(session, ann)
        assert set(session.scalars(sa.select(PendingReferral.invitee_number))) == {bob}


def test_old_claim_is_not_kept(tenant: Tenant, channel: Channel, shell: int) -> None:
    event = ClaimAsked(event_id="c1", at=before(), who=(PHONE,), keyword="gift", shown_name="Ann")
    with writing(tenant.number) as session:
        placement = create_placement(session, channel=channel_by_number(session, channel.number), name="Live")
        keep_claims(session, [Asked(event, placement.number, shell)])
        assert session.scalars(sa.select(Claim)).all() == []
