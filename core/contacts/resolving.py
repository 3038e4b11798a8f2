"""Whom is this event about? Finds or creates contacts for a whole batch, joining them by the rules.

A batch costs one query a kind of identity and one insert a table. Claims whose identities all lead to
one person already, nearly all in daily life, never reach the rules.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts import lookup
from core.contacts.changing import change_contacts
from core.contacts.identities import IdentityClaim
from core.contacts.joining import Bundle, Key, Known, Plan, plan_joins
from core.contacts.keys import Holder, KeyRing
from core.contacts.storing import store_plan
from core.db import tenant_of, vault_of
from core.errors import FieldError, Invalid


def resolve(
    session: Session, claims: Sequence[Sequence[IdentityClaim]], *, at: datetime | Sequence[datetime] | None = None
) -> list[int]:
    """The contact number of each event, found or created.

    Args:
        claims: for each event, the identities it gives for one person.
        at: when the events happened: one instant, one an event, or now.

    Returns:
        Numbers of roots; of a linked visitor where the event lies before the past that was linked.

    Raises:
        Invalid: an event names nobody, or by a value that cannot be read; the path starts with its index.
    """
    ring = KeyRing(vault_of(session))
    moments = _moments(at, count=len(claims))
    bundles = [Bundle(keys, moment) for keys, moment in zip(_all_keys(ring, claims), moments, strict=True)]
    held = lookup.holders(session, ring.values)
    open_cases = _unsettled(bundles, held)
    if open_cases and lock_people(session):
        held = lookup.holders(session, ring.values)
        open_cases = _unsettled(bundles, held)
    numbers = {i: _settled_number(bundle, held) for i, bundle in enumerate(bundles) if i not in open_cases}
    _move_joined_at(session, bundles, held, settled=numbers)
    if not open_cases:
        return list(numbers.values())
    order = sorted(open_cases)
    plan = _decide(session, [bundles[i] for i in order], held)
    stored = store_plan(session, plan, ring, {holder.root: holder.root_joined_at for holder in held.values()})
    numbers.update({i: stored.numbers[id(person)] for i, person in zip(order, plan.people, strict=True)})
    return [stored.final(numbers[i], at=bundle.at) for i, bundle in enumerate(bundles)]


def _all_keys(ring: KeyRing, claims: Sequence[Sequence[IdentityClaim]]) -> list[tuple[Key, ...]]:
    keys = []
    for i, event in enumerate(claims):
        try:
            keys.append(ring.keys(tuple(event)))
        except Invalid as refusal:
            fields = [FieldError(f"{i}.{f.path}", f.code, f.message) for f in refusal.fields]
            raise Invalid(refusal.message, fields=fields) from refusal
    return keys


def _moments(at: datetime | Sequence[datetime] | None, *, count: int) -> Sequence[datetime]:
    if at is None or isinstance(at, datetime):
        return [at or clock.now()] * count
    return at


def _unsettled(bundles: Sequence[Bundle], held: Mapping[Key, Holder]) -> set[int]:
    """Events whose identities are new, or lead to several people."""
    found = set()
    for i, bundle in enumerate(bundles):
        first = held.get(bundle.keys[0])
        if first is None:
            found.add(i)
        elif len(bundle.keys) > 1:
            others = (held.get(key) for key in bundle.keys)
            if any(other is None or other.root != first.root for other in others):
                found.add(i)
    return found


def _settled_number(bundle: Bundle, held: Mapping[Key, Holder]) -> int:
    holder = held[bundle.keys[0]]
    if all(key.is_weak for key in bundle.keys) and holder.facts_since is not None and bundle.at < holder.facts_since:
        return holder.number
    return holder.root


def lock_people(session: Session) -> bool:
    """Let only one transaction a tenant create or tie people at a time; true where others may have come before us.

    SQLite's writers queue at the door, so there is nothing to wait for.
    """
    if session.get_bind().dialect.name == "sqlite":
        return False
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(tenant_of(session), 1)))
    return True


def _decide(session: Session, bundles: Sequence[Bundle], held: Mapping[Key, Holder]) -> Plan:
    mine = {key: held[key] for bundle in bundles for key in bundle.keys if key in held}
    roots = {holder.root for holder in mine.values()}
    return plan_joins(
        bundles,
        Known(
            owner={key: holder.root for key, holder in mine.items()},
            strong=lookup.strong_keys(session, roots),
            visitors={holder.root for holder in mine.values() if holder.root_joined_at is None},
            apart=lookup.kept_apart(session, roots),
            ignored=lookup.ignored_keys(session),
        ),
    )


def _move_joined_at(
    session: Session, bundles: Sequence[Bundle], held: Mapping[Key, Holder], *, settled: Mapping[int, int]
) -> None:
    """Files bring the past in any order: an earlier strong event moves the day its contact joined."""
    earlier: dict[int, datetime] = {}
    for i, root in settled.items():
        joined_at = held[bundles[i].keys[0]].root_joined_at
        if joined_at is None or bundles[i].at >= joined_at or all(key.is_weak for key in bundles[i].keys):
            continue
        earlier[root] = min(earlier.get(root, bundles[i].at), bundles[i].at)
    change_contacts(session, {number: {"joined_at": at} for number, at in earlier.items()})
