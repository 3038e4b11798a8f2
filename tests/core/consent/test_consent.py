"""Who may be written to, and a ledger that shows a changed past; both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from core.consent.models import ConsentEntry, Suppression
from core.consent.service import (
    consents_of,
    first_broken_entry,
    grant,
    is_suppressed,
    may_send,
    release,
    suppress,
    withdraw,
)
from core.contacts.service import merge
from core.db import reading, writing
from core.errors import Invalid
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.contacts import cookie, make_contact, phone

DAY = datetime(2026, 3, 1, tzinfo=UTC)
LATER = DAY + timedelta(days=1)


def reason(tenant: Tenant, number: int, *, purpose: str = "marketing", medium: str = "sms") -> str:
    with reading(tenant.number) as session:
        return may_send(session, [number], purpose=purpose, medium=medium)[number].reason


def test_marketing_needs_a_yes(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
    assert reason(tenant, one) == "no_consent"
    assert reason(tenant, one, purpose="notice") == "ok"
    with writing(tenant.number) as session:
        grant(session, one, medium="sms", source="card", wording="I agree", at=DAY)
    assert reason(tenant, one) == "ok"
    assert reason(tenant, one, medium="email") == "no_consent"


@pytest.mark.parametrize("first", [True, False])
def test_last_word_counts_however_stored(tenant: Tenant, first: bool) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
        if first:
            grant(session, one, medium="sms", source="card", at=DAY)
        withdraw(session, one, source="reply", at=LATER)
        if not first:
            grant(session, one, medium="sms", source="late file", at=DAY)
    assert reason(tenant, one) == "withdrawn"
    assert reason(tenant, one, purpose="notice") == "withdrawn"


def test_refusal_wins_at_the_same_instant(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
        withdraw(session, one, source="reply", at=DAY)
        grant(session, one, medium="sms", source="card", at=DAY)
    assert reason(tenant, one) == "withdrawn"


def test_merged_part_speaks_for_person(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one, other = make_contact(session), make_contact(session)
        grant(session, one, medium="sms", source="card", at=DAY)
        withdraw(session, other, medium="sms", source="reply", at=LATER)
        merge(session, loser=other, into=one)
    assert reason(tenant, one) == "withdrawn"


def test_suppressed_address_gets_nothing(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        suppress(session, "phone", "13812345678")
        suppress(session, "phone", "+86 138 1234 5678")
        one = make_contact(session, phone("13812345678"))
        grant(session, one, medium="*", source="card")
        assert b"1234" not in session.scalars(sa.select(Suppression.blind_index)).one()
    assert reason(tenant, one) == "suppressed"
    assert reason(tenant, one, purpose="notice") == "suppressed"
    assert reason(tenant, one, medium="email") == "ok"
    with writing(tenant.number) as session:
        assert release(session, "phone", "13812345678")
        assert not is_suppressed(session, "phone", "13812345678")
    assert reason(tenant, one) == "ok"


def test_visitors_and_strangers_get_nothing(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("c"))
    assert reason(tenant, visitor) == "visitor"
    assert reason(tenant, 99) == "unknown_contact"


def test_same_statement_is_one_entry(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
        for _ in range(2):
            grant(session, one, medium="sms", source="card", at=DAY)
        assert len(consents_of(session, [one])) == 1
        with pytest.raises(Invalid):
            grant(session, one, medium="", source="card")


def test_ledger_proves_its_past(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
        for day in range(3):
            grant(session, one, medium="sms", source="card", at=DAY + timedelta(days=day))
        assert first_broken_entry(session) is None
        entry = session.scalars(sa.select(ConsentEntry).where(ConsentEntry.seq == 2)).one()
        entry.wording = "I never agreed to this"
        with session.no_autoflush:
            assert first_broken_entry(session) == 2
        session.expunge_all()


def test_ledger_refuses_to_be_changed(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        grant(session, make_contact(session), medium="sms", source="card")
    for change in (sa.update(ConsentEntry).values(granted=False), sa.delete(ConsentEntry)):
        with pytest.raises(DatabaseError), writing(tenant.number) as session:
            session.execute(change)


def test_other_tenant_hears_nothing(tenant: Tenant, other_tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session, phone("13812345678"))
        suppress(session, "phone", "13812345678")
        grant(session, one, medium="sms", source="card")
    with writing(other_tenant.number) as session:
        make_contact(session, phone("13812345678"))
        assert consents_of(session, [one]) == []
        assert not is_suppressed(session, "phone", "13812345678")
    assert reason(other_tenant, 1) == "no_consent"


def test_silenced_address_can_be_released(client: RoleClient, tenant: Tenant) -> None:
    address = {"kind": "phone", "value": "13900000077"}
    assert client.post("/suppressions", json=address).status_code == 204
    told = [client.post("/suppressions/release", json=address).get_json()["released"] for _ in range(2)]
    with reading(tenant.number) as session:
        assert (told, is_suppressed(session, "phone", "13900000077")) == ([True, False], False)
