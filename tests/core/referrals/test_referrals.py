"""One inviter a person, no circles, through merges and undo; unknown inviters wait; on both databases."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.contacts.service import IdentityClaim, find_contact, merge, undo_merge
from core.db import reading, writing
from core.referrals.models import PendingReferral, Referral, ReferralRefusal
from core.referrals.service import (
    InviterTold,
    chain_above,
    claim_inviters,
    count_invitees,
    invitees_of,
    summarise,
    top_inviters,
)
from core.tenants.models import Tenant
from tests.factories.contacts import make_contact, make_contacts, phone

AT = datetime(2026, 5, 1, tzinfo=UTC)


def person(session: Session, name: str) -> int:
    return make_contact(session, IdentityClaim("customer_id", name), at=AT)


def people(session: Session, names: str) -> list[int]:
    return [person(session, name) for name in names.split()]


def tell(session: Session, *pairs: tuple[int, str]) -> None:
    claim_inviters(session, [InviterTold(invitee, text, AT, "identify") for invitee, text in pairs])


def chain(session: Session, number: int) -> list[int]:
    return [edge.inviter for edge in chain_above(session, number)]


def brought(session: Session, number: int) -> list[int]:
    return sorted(edge.invitee for _, edge in invitees_of(session, number))


def refusals(session: Session) -> list[tuple[int, int, str]]:
    columns = (ReferralRefusal.invitee_number, ReferralRefusal.inviter_number, ReferralRefusal.reason)
    return [
        (invitee, inviter, reason)
        for invitee, inviter, reason in session.execute(sa.select(*columns).order_by(ReferralRefusal.id))
    ]


def test_chain_leads_to_the_beginning(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c, d = people(session, "a b c d")
        tell(session, (d, "c"), (b, "a"), (c, "b"))
        assert (chain(session, d), chain(session, a)) == ([c, b, a], [])
        assert (brought(session, a), brought(session, d)) == ([b], [])


def test_first_inviter_stands(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c = people(session, "a b c")
        for text in ("a", "b", "a", "b"):
            tell(session, (c, text))
        assert chain(session, c) == [a]
        assert refusals(session) == [(c, b, "taken")]


def test_circles_are_refused_and_noted(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c = people(session, "a b c")
        tell(session, (b, "a"), (c, "b"), (a, "c"), (a, "a"))
        tell(session, (a, "b"))
        assert (chain(session, c), chain(session, a)) == ([b, a], [])
        assert refusals(session) == [(a, c, "circle"), (a, a, "self"), (a, b, "circle")]


@pytest.mark.parametrize("text", ["13812345678", "+86 138-1234-5678", "phone:13812345678", "customer_id:z", "z"])
def test_inviter_is_named_many_ways(tenant: Tenant, text: str) -> None:
    with writing(tenant.number) as session:
        inviter = make_contact(session, phone("13812345678"), IdentityClaim("customer_id", "z"))
        invitee = person(session, "b")
        tell(session, (invitee, text))
        assert chain(session, invitee) == [inviter]


def test_contact_id_names_the_inviter(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c = people(session, "a b c")
        ids = dict(session.execute(sa.select(Contact.number, Contact.id)).all())
        tell(session, (b, str(ids[a])), (c, f"contact:{ids[b]}"))
        assert chain(session, c) == [b, a]


def test_unknown_inviter_waits_and_joins(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        b = person(session, "b")
        tell(session, (b, "13812345678"), (b, "later@example.com"))
        assert (chain(session, b), summarise(session).pending) == ([], 1)
        a = make_contact(session, phone("13812345678"))
        assert chain(session, b) == [a]
        assert session.scalars(sa.select(PendingReferral)).all() == []
        make_contact(session, IdentityClaim("email", "later@example.com"))
        assert chain(session, b) == [a]


def test_pending_circle_is_refused_later(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        b, c = people(session, "b c")
        tell(session, (c, "b"), (b, "13812345678"))
        make_contact(session, IdentityClaim("customer_id", "c"), phone("13812345678"))
        assert (chain(session, c), chain(session, b)) == ([b], [])
        assert refusals(session) == [(b, c, "circle")]


@pytest.mark.parametrize("text", ["138****5678", "null", "wecom_external_id:-", "contact:me"])
def test_unreadable_inviters_are_noted(tenant: Tenant, text: str) -> None:
    with writing(tenant.number) as session:
        b = person(session, "b")
        tell(session, (b, text), (b, text))
        assert (refusals(session), summarise(session).pending) == ([(b, 0, "unreadable")], 0)


def test_merge_and_undo_are_exact(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c, d = people(session, "a b c d")
        tell(session, (b, "a"), (c, "d"))
        entry = merge(session, loser=c, into=b)
        assert (chain(session, b), brought(session, a), brought(session, d)) == ([a], [b], [])
        undo_merge(session, entry.id)
        assert (chain(session, c), brought(session, d), brought(session, a)) == ([d], [c], [b])


def test_merged_inviter_keeps_the_brought(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c = people(session, "a b c")
        tell(session, (c, "b"))
        merge(session, loser=b, into=a)
        assert (chain(session, c), brought(session, a), top_inviters(session, limit=5)) == ([a], [c], [(a, 1)])


def test_circle_by_merge_ends_walks(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c, d = people(session, "a b c d")
        tell(session, (b, "a"), (c, "b"))
        merge(session, loser=c, into=a)
        assert (chain(session, a), chain(session, b)) == ([b], [a])
        tell(session, (d, "b"))
        assert chain(session, d) == [b, a]
        merge(session, loser=b, into=a)
        assert (chain(session, a), brought(session, a)) == ([], [d])


def test_visitors_count_once_they_joined(tenant: Tenant) -> None:
    cookie = IdentityClaim("anonymous_id", "v1")
    with writing(tenant.number) as session:
        a = person(session, "a")
        visitor = make_contact(session, cookie, at=AT)
        tell(session, (visitor, "a"))
        assert summarise(session).invited == 0
        joined = make_contacts(session, [[cookie, IdentityClaim("customer_id", "b")]], at=AT)[0]
        assert (chain(session, joined), brought(session, a)) == ([a], [joined])


def test_top_inviters_and_pages(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, *rest = people(session, "a b c d e f")
        tell(session, *((number, "a") for number in rest[:3]), (rest[3], "b"))
        assert top_inviters(session, limit=5) == [(a, 3), (b, 1)]
        assert count_invitees(session, [a, b, rest[0]]) == {a: 3, b: 1, rest[0]: 0}
        seen: list[int] = []
        last: UUID | None = None
        while page := invitees_of(session, a, before=last, limit=2):
            seen += [edge.invitee for _, edge in page]
            last = page[-1][0]
        assert sorted(seen) == rest[:3]
        summary = summarise(session)
        assert (summary.invited, summary.inviters, summary.pending, summary.refused) == (4, 2, 0, {})


def test_other_brands_people_are_unknown(tenant: Tenant, other_tenant: Tenant) -> None:
    with writing(other_tenant.number) as session:
        theirs = session.scalars(sa.select(Contact.id).where(Contact.number == person(session, "a"))).one()
    with writing(tenant.number) as session:
        b = person(session, "b")
        tell(session, (b, "a"), (b, str(theirs)))
        assert chain(session, b) == []
    with writing(other_tenant.number) as session:
        make_contact(session, IdentityClaim("customer_id", str(theirs)))
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(Referral)).all() == []
        assert find_contact(session, session.scalars(sa.select(Contact.id)).one()).number == b
