"""Merging by hand, undoing, deciding what is parked; both databases."""

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact, ContactIdentity, MergeLog
from core.contacts.service import (
    IdentityClaim,
    approve,
    family,
    list_merges,
    merge,
    reject,
    roots_of,
    tag,
    tags_of,
    undo_merge,
    untag,
)
from core.db import reading, writing
from core.errors import Conflict, NotFound
from core.tenants.models import Tenant
from tests.factories.contacts import cookie, email, make_contact, make_contacts, phone


def parked_entry(tenant: Tenant) -> MergeLog:
    with writing(tenant.number) as session:
        make_contacts(session, [[phone("13812345678"), IdentityClaim("customer_id", f"k{i}")] for i in range(6)])
        return session.scalars(sa.select(MergeLog).where(MergeLog.kind == "parked")).one()


def test_merge_moves_only_the_pointer(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one, other = make_contact(session), make_contact(session)
        merge(session, loser=other, into=one, actor="user:1")
        assert roots_of(session, [one, other]) == {one: one, other: one}
        owners = session.scalars(sa.select(ContactIdentity.contact_number).order_by(ContactIdentity.contact_number))
        assert owners.all() == [one, other]


def test_undo_restores_both_contacts(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        a, b, c, d = (make_contact(session) for _ in range(4))
        merge(session, loser=d, into=c)
        entry = merge(session, loser=c, into=b)
        merge(session, loser=b, into=a)
        assert set(family(session, [a])) == {a, b, c, d}
        undo_merge(session, entry.id)
        assert roots_of(session, [a, b, c, d]) == {a: a, b: a, c: c, d: c}


def test_undone_pair_stays_apart(tenant: Tenant) -> None:
    both = (phone("13812345678"), email("a@example.com"))
    with writing(tenant.number) as session:
        one, other = make_contact(session, both[0]), make_contact(session, both[1])
        make_contact(session, *both)
        undo_merge(session, session.scalars(sa.select(MergeLog.id)).one())
        make_contact(session, *both)
        assert roots_of(session, [one, other]) == {one: one, other: other}


def test_undo_parts_a_linked_visitor(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("c"))
        make_contact(session, cookie("c"), phone("13812345678"))
        undo_merge(session, session.scalars(sa.select(MergeLog.id)).one())
        row = session.scalars(sa.select(Contact).where(Contact.number == visitor)).one()
        assert (row.merged_into, row.facts_since) == (None, None)
        assert make_contact(session, cookie("c")) == visitor


def test_merge_is_undone_only_once(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        entry = merge(session, loser=make_contact(session), into=make_contact(session))
        undo_merge(session, entry.id)
        with pytest.raises(Conflict):
            undo_merge(session, entry.id)


def test_approving_joins_what_was_parked(tenant: Tenant) -> None:
    entry = parked_entry(tenant)
    with writing(tenant.number) as session:
        approve(session, entry.id, actor="user:1")
        assert roots_of(session, [entry.loser]) == {entry.loser: entry.winner}
        assert [state for _, state in list_merges(session, state="approved")] == ["approved"]
        assert list_merges(session, state="parked") == []
        with pytest.raises(Conflict):
            reject(session, entry.id)


def test_rejecting_keeps_contacts_apart(tenant: Tenant) -> None:
    entry = parked_entry(tenant)
    with writing(tenant.number) as session:
        reject(session, entry.id)
        assert [state for _, state in list_merges(session)] == ["rejected"]
        make_contact(session, phone("13812345678"), IdentityClaim("customer_id", "k5"))
        assert roots_of(session, [entry.loser]) == {entry.loser: entry.loser}


def test_contact_cannot_merge_with_itself(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session)
        with pytest.raises(Conflict):
            merge(session, loser=one, into=one)
        with pytest.raises(NotFound):
            merge(session, loser=one, into=99)


def test_foreign_merge_looks_absent(tenant: Tenant, other_tenant: Tenant) -> None:
    entry = parked_entry(tenant)
    with writing(other_tenant.number) as session, pytest.raises(NotFound):
        reject(session, entry.id)
    with reading(other_tenant.number) as session:
        assert list_merges(session) == []


def test_tags_follow_the_person(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        one, other = make_contact(session), make_contact(session)
        assert tag(session, [one, other], tags=["vip", " vip "]) == 2
        tag(session, [other], tags=["mother"])
        merge(session, loser=other, into=one)
        assert tags_of(session, [one]) == {one: ["mother", "vip"]}
        untag(session, [one], tags=["vip"])
        assert tags_of(session, [one]) == {one: ["mother"]}
