"""Writing a plan down: new contacts and identities, merges, links of visitors, doubts for a human."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.changing import change_contacts
from core.contacts.feed import tell_lake
from core.contacts.joining import Person, Plan
from core.contacts.keys import KeyRing
from core.contacts.links import VisitorLink, announce_links, announce_names
from core.contacts.models import Contact, ContactIdentity, MergeLog
from core.db import insert_columns, insert_new, new_id, new_ids, next_numbers


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a plan: numbers by `id(person)`, whom merged contacts became part of, and linked visitors."""

    numbers: Mapping[int, int]
    moved: Mapping[int, int]
    links: Mapping[int, VisitorLink]

    def final(self, number: int, *, at: datetime) -> int:
        """The contact that an event of this contact at this instant belongs to now."""
        number = self.moved.get(number, number)
        link = self.links.get(number)
        return link.contact if link is not None and at >= link.since else number


def store_plan(session: Session, plan: Plan, ring: KeyRing, joined: Mapping[int, datetime | None]) -> Stored:
    """Store what is new in the plan; `joined` says when the people found in the database joined."""
    # A visitor's row points at its contact's, which must be there first.
    people = sorted(plan.everyone, key=lambda person: person.is_visitor)
    numbers = _number_people(session, plan)
    _insert_contacts(session, [person for person in people if not person.roots], numbers)
    _insert_identities(session, people, numbers, ring)
    moved = {loser: person.roots[0] for person in people for loser in person.roots[1:]}
    links = [_link_of(person, numbers) for person in people if person.into is not None]
    _apply_merges(session, people, links)
    _log_merges(session, plan, numbers, links)
    _update_joined(session, people, joined)
    if moved or links:
        tell_lake(session)
    announce_links(session, links)
    announce_names(session, {key: numbers[id(person)] for person in people for key in person.new_keys})
    return Stored(numbers=numbers, moved=moved, links={link.visitor: link for link in links})


def _number_people(session: Session, plan: Plan) -> dict[int, int]:
    """New people are numbered in the order of their events, so that the same file makes the same numbers."""
    numbers = {id(person): person.roots[0] for person in plan.everyone if person.roots}
    fresh = dict.fromkeys(id(person) for person in (*plan.people, *plan.everyone) if not person.roots)
    if fresh:
        numbers.update(zip(fresh, next_numbers(session, "contact", len(fresh)), strict=True))
    return numbers


def _insert_contacts(session: Session, fresh: Sequence[Person], numbers: Mapping[int, int]) -> None:
    columns: dict[str, Sequence[object]] = {
        "id": new_ids(len(fresh)),
        "number": [numbers[id(person)] for person in fresh],
        "joined_at": [None if person.is_visitor else person.joined_at for person in fresh],
        "merged_into": [None if person.into is None else numbers[id(person.into)] for person in fresh],
        "facts_since": [person.since for person in fresh],
    }
    insert_columns(session, Contact, columns, conflict=("number",), same={"created_at": clock.now()})


def _insert_identities(session: Session, people: Sequence[Person], numbers: Mapping[int, int], ring: KeyRing) -> None:
    given = [(key, numbers[id(person)]) for person in people for key in person.new_keys]
    ids = new_ids(len(given))
    columns: dict[str, Sequence[object]] = {
        "id": ids,
        "contact_number": [number for _, number in given],
        "kind": [key.kind for key, _ in given],
        "app": [key.app for key, _ in given],
        "blind_index": [key.token for key, _ in given],
        "sealed": [
            ring.vault.seal("identity", row_id, "value", ring.values[key].value.encode())
            for row_id, (key, _) in zip(ids, given, strict=True)
        ],
    }
    key_columns = ("kind", "app", "blind_index")
    insert_columns(session, ContactIdentity, columns, conflict=key_columns, same={"created_at": clock.now()})


def _link_of(person: Person, numbers: Mapping[int, int]) -> VisitorLink:
    assert person.into is not None and person.since is not None
    return VisitorLink(visitor=numbers[id(person)], contact=numbers[id(person.into)], since=person.since)


def _apply_merges(session: Session, people: Sequence[Person], links: Sequence[VisitorLink]) -> None:
    for person in people:
        losers = person.roots[1:]
        if losers:
            move_family(session, losers, into=person.roots[0])
    for link in links:
        move_family(session, [link.visitor], into=link.contact, since=link.since)


def move_family(session: Session, losers: Sequence[int], *, into: int, since: datetime | None = None) -> None:
    """Point these contacts, and all that are part of them, at another root."""
    values: dict[str, object] = {"merged_into": into}
    if since is not None:
        values["facts_since"] = sa.func.coalesce(Contact.facts_since, sa.literal(since, Contact.facts_since.type))
    part = sa.or_(Contact.number.in_(losers), Contact.merged_into.in_(losers))
    session.execute(sa.update(Contact).where(part).values(values))


def _log_merges(session: Session, plan: Plan, numbers: Mapping[int, int], links: Sequence[VisitorLink]) -> None:
    entries = [("merged", edge.winner, edge.loser, edge.reason) for person in plan.everyone for edge in person.edges]
    entries += [("merged", link.contact, link.visitor, "visitor") for link in links]
    for doubt in plan.doubts:
        one, other = numbers[id(doubt.one)], numbers[id(doubt.other)]
        entries.append(("parked", min(one, other), max(one, other), doubt.reason))
    now = clock.now()
    rows = [
        {"id": new_id(), "kind": kind, "winner": winner, "loser": loser, "reason": reason, "ref": None, "at": now}
        for kind, winner, loser, reason in entries
    ]
    insert_new(session, MergeLog, rows, conflict=("ref",))


def _update_joined(session: Session, people: Sequence[Person], joined: Mapping[int, datetime | None]) -> None:
    """The winner of a merge joined when the first of its parts did."""
    changes: dict[int, dict[str, object]] = {}
    for person in people:
        if not person.roots or person.is_visitor:
            continue
        known = [at for root in person.roots if (at := joined.get(root)) is not None]
        earliest = min([*known, *([person.joined_at] if person.joined_at else [])], default=None)
        if earliest is not None and earliest != joined.get(person.roots[0]):
            changes[person.roots[0]] = {"joined_at": earliest}
    change_contacts(session, changes)
