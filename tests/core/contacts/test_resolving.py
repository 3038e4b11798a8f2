"""Finding and creating contacts, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact, ContactIdentity, MergeLog
from core.contacts.service import IdentityClaim, family, ignore, resolve
from core.db import reading, vault_of, writing
from core.errors import Invalid
from core.tenants.models import Tenant
from tests.factories.contacts import cookie, email, make_contact, make_contacts, phone

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def test_same_phone_is_one_contact(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        first = make_contacts(session, [[phone("13812345678")], [phone("+86 138 1234 5678")], [phone("13900000001")]])
    with writing(tenant.number) as session:
        again = make_contact(session, phone("138-1234-5678"))
    assert first == [1, 1, 2]
    assert again == 1


def test_batch_joins_across_events(tenant: Tenant) -> None:
    claims = [[phone("13812345678")], [email("a@example.com")], [phone("13812345678"), email("A@example.com")]]
    with writing(tenant.number) as session:
        assert make_contacts(session, claims) == [1, 1, 1]
        assert session.scalars(sa.select(ContactIdentity.kind).order_by(ContactIdentity.kind)).all() == [
            "email",
            "phone",
        ]


def test_later_evidence_merges_contacts(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session, phone("13812345678"), at=DAY + timedelta(days=1))
        other = make_contact(session, email("a@example.com"), at=DAY)
        joined = make_contact(session, phone("13812345678"), email("a@example.com"), at=DAY + timedelta(days=2))
    with reading(tenant.number) as session:
        entry = session.scalars(sa.select(MergeLog)).one()
        assert (joined, entry.winner, entry.loser, entry.reason) == (one, one, other, "strong")
        assert family(session, [one]) == {one: one, other: one}
        assert session.scalar(sa.select(Contact.joined_at).where(Contact.number == one)) == DAY


def test_values_are_sealed_and_open(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        make_contact(session, phone("13812345678"))
        row = session.scalars(sa.select(ContactIdentity)).one()
        assert b"13812345678" not in row.sealed + row.blind_index
        assert vault_of(session).unseal("identity", row.id, "value", row.sealed) == b"+8613812345678"


def test_other_tenant_shares_nothing(tenant: Tenant, other_tenant: Tenant) -> None:
    indexes = []
    for brand in (tenant, other_tenant):
        with writing(brand.number) as session:
            assert make_contact(session, phone("13812345678")) == 1
            indexes.append(session.scalars(sa.select(ContactIdentity.blind_index)).one())
    assert indexes[0] != indexes[1]


def test_visitor_gets_thirty_days_linked(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("c"), at=DAY)
        person = make_contact(session, cookie("c"), phone("13812345678"), at=DAY + timedelta(days=40))
        assert make_contact(session, cookie("c"), at=DAY + timedelta(days=20)) == person
        assert make_contact(session, cookie("c"), at=DAY + timedelta(days=5)) == visitor
        row = session.scalars(sa.select(Contact).where(Contact.number == visitor)).one()
    assert (row.merged_into, row.facts_since) == (person, DAY + timedelta(days=10))
    assert row.joined_at is None


def test_one_batch_links_visitors_too(tenant: Tenant) -> None:
    events = [[cookie("c")], [cookie("c")], [cookie("c"), phone("13812345678")]]
    with writing(tenant.number) as session:
        old, recent, person = resolve(session, events, at=[DAY, DAY + timedelta(days=39), DAY + timedelta(days=40)])
    assert recent == person
    assert old != person


def test_shared_cookie_keeps_phones_apart(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session, cookie("c"), phone("13812345678"))
        other = make_contact(session, cookie("c"), phone("13900000001"))
        assert one != other
        assert make_contact(session, cookie("c")) == one


def test_too_many_values_are_parked_once(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        events = [[phone("13812345678"), IdentityClaim("customer_id", f"k{i}")] for i in range(7)]
        first = make_contacts(session, events)
    with writing(tenant.number) as session:
        assert make_contacts(session, events) == first
        parked = session.scalars(sa.select(MergeLog).where(MergeLog.kind == "parked")).all()
    assert len(set(first)) == 3
    assert [entry.reason for entry in parked] == ["too_many_values"] * 2


def test_ignored_value_joins_nobody_here(tenant: Tenant) -> None:
    shop = phone("13812345678")
    with writing(tenant.number) as session:
        ignore(session, shop)
        numbers = make_contacts(
            session, [[shop, email("a@example.com")], [shop, email("b@example.com")], [shop], [shop]]
        )
    assert len(set(numbers)) == 3
    assert numbers[2] == numbers[3]


def test_bad_claim_names_its_event(tenant: Tenant) -> None:
    with writing(tenant.number) as session, pytest.raises(Invalid) as refusal:
        make_contacts(session, [[phone("13812345678")], [phone("12")]])
    assert refusal.value.fields[0].path == "1.phone"


def test_same_id_of_two_apps_differs(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        numbers = make_contacts(
            session, [[IdentityClaim("openid", "o1", "app1")], [IdentityClaim("openid", "o1", "app2")]]
        )
    assert numbers == [1, 2]


def test_earlier_events_move_joining_back(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        make_contact(session, phone("13812345678"), at=DAY)
        make_contact(session, phone("13812345678"), at=DAY - timedelta(days=3))
        assert session.scalar(sa.select(Contact.joined_at)) == DAY - timedelta(days=3)
