"""Whom is this event about? Finds or creates contacts for a whole batch, joining them by the rules.

A batch costs one query a kind of identity and one insert a table. Claims whose identities all lead to
one person already, nearly all in daily life, never reach the rules.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core import clock
from core.contacts import lookup
from core.contacts.changing import change_contacts
from core.contacts.identities import IdentityClaim
from core.contacts.joining import Bundle, Key, Known, Plan, plan_joins
from core.contacts.keys import Holder, KeyRing
from core.contacts.storing import store_plan
from core.db import take_turn, vault_of
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
    named = _all_keys(ring, claims)
    bundles = earliest_bundles(named, moments)
    held = lookup.holders(session, ring.values)
    open_cases = _unsettled(bundles, held)
    if open_cases and take_turn(session):  # one transaction a tenant at a time creates people
        held = lookup.holders(session, ring.values)
        open_cases = _unsettled(bundles, held)
    settled = {bundle.keys: held[bundle.keys[0]] for bundle in bundles if bundle.keys not in open_cases}
    _move_joined_at(session, bundles, settled)
    if not open_cases:
        return [_settled_number(settled[keys], keys, moment) for keys, moment in zip(named, moments, strict=True)]
    doubtful = [bundle for bundle in bundles if bundle.keys in open_cases]
    plan = _decide(session, doubtful, held)
    stored = store_plan(session, plan, ring, {holder.root: holder.root_joined_at for holder in held.values()})
    decided = {bundle.keys: stored.numbers[id(person)] for bundle, person in zip(doubtful, plan.people, strict=True)}
    return [
        stored.final(decided.get(keys) or _settled_number(settled[keys], keys, moment), at=moment)
        for keys, moment in zip(named, moments, strict=True)
    ]


def earliest_bundles(named: Sequence[tuple[Key, ...]], moments: Sequence[datetime]) -> list[Bundle]:
    """The events as the rules need them: of those that name the same values, the earliest.

    A later one cannot change what the rules decide, only whether it lies before the past that a visitor brings along,
    which is asked for each event at the end.
    """
    first: dict[tuple[Key, ...], datetime] = {}
    for keys, moment in zip(named, moments, strict=True):
        known = first.get(keys)
        if known is None or moment < known:
            first[keys] = moment
    return [Bundle(keys, moment) for keys, moment in first.items()]


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


def _unsettled(bundles: Sequence[Bundle], held: Mapping[Key, Holder]) -> set[tuple[Key, ...]]:
    """The values that are new together, or lead to several people."""
    found = set()
    for bundle in bundles:
        first = held.get(bundle.keys[0])
        if first is None:
            found.add(bundle.keys)
        elif len(bundle.keys) > 1:
            others = (held.get(key) for key in bundle.keys)
            if any(other is None or other.root != first.root for other in others):
                found.add(bundle.keys)
    return found


def _settled_number(holder: Holder, keys: tuple[Key, ...], at: datetime) -> int:
    if holder.facts_since is not None and at < holder.facts_since and all(key.is_weak for key in keys):
        return holder.number
    return holder.root


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


def _move_joined_at(session: Session, bundles: Sequence[Bundle], settled: Mapping[tuple[Key, ...], Holder]) -> None:
    """Files bring the past in any order: an earlier strong event moves the day its contact joined."""
    earlier: dict[int, datetime] = {}
    for bundle in bundles:
        holder = settled.get(bundle.keys)
        if holder is None or holder.root_joined_at is None or bundle.at >= holder.root_joined_at:
            continue
        if not all(key.is_weak for key in bundle.keys):
            earlier[holder.root] = min(earlier.get(holder.root, bundle.at), bundle.at)
    change_contacts(session, {number: {"joined_at": at} for number, at in earlier.items()})
