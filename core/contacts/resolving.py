"""Whom is this event about? Finds or creates contacts for a whole batch, joining them by the rules.

A batch costs one query a kind of identity and one insert a table. Claims whose identities all lead to
one person already, nearly all in daily life, never reach the rules.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core import clock
from core.contacts import lookup
from core.contacts.changing import change_contacts
from core.contacts.erased_names import find_old_news
from core.contacts.identities import IdentityClaim
from core.contacts.joining import Bundle, Key, Known, Plan
from core.contacts.keys import Holder, KeyRing
from core.contacts.planning import plan_joins
from core.contacts.storing import store_plan
from core.db import take_turn, vault_of
from core.errors import FieldError, Invalid

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def resolve(
    session: Session,
    claims: Sequence[Sequence[IdentityClaim]],
    *,
    at: datetime | Sequence[datetime] | None = None,
    undated: Collection[int] = (),
) -> list[int]:
    """The contact number of each event, found or created.

    Args:
        claims: for each event, the identities it gives for one person.
        at: when the events happened: one instant, one an event, or now.
        undated: places of events that tell no instant of their own, so that they bring nobody back who was erased.

    Returns:
        Numbers of roots; of a linked visitor where the event lies before the past that was linked; of the nameless
        contact where the event speaks of somebody as they were before they were erased.

    Raises:
        Invalid: an event names nobody, or by a value that cannot be read; the path starts with its index.
    """
    if not claims:
        return []
    ring = KeyRing(vault_of(session))
    moments = _moments(at, count=len(claims))
    named = _all_keys(ring, claims)
    heard = [LONG_AGO if place in undated else moment for place, moment in enumerate(moments)]
    look = _look_up(session, ring, named, moments, heard)
    if look.open_cases and take_turn(session):  # one transaction a tenant at a time creates people
        look = _look_up(session, ring, named, moments, heard)
    settled = {bundle.keys: look.held[bundle.keys[0]] for bundle in look.bundles if bundle.keys not in look.open_cases}
    _move_joined_at(session, look.bundles, settled)
    if not look.open_cases:
        return [
            look.shells[place] if place in look.shells else _settled_number(settled[keys], keys, moments[place])
            for place, keys in enumerate(look.named)
        ]
    doubtful = [bundle for bundle in look.bundles if bundle.keys in look.open_cases]
    plan = _decide(session, doubtful, look.held)
    stored = store_plan(session, plan, ring, {holder.root: holder.root_joined_at for holder in look.held.values()})
    decided = {bundle.keys: stored.numbers[id(person)] for bundle, person in zip(doubtful, plan.people, strict=True)}
    return [
        look.shells[place]
        if place in look.shells
        else stored.final(decided.get(keys) or _settled_number(settled[keys], keys, moment), at=moment)
        for place, (keys, moment) in enumerate(zip(look.named, moments, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Look:
    """What is stored about the events: `shells` by place are erased people's, and their events are in no bundle."""

    named: Sequence[tuple[Key, ...]]
    shells: Mapping[int, int]
    bundles: Sequence[Bundle]
    held: Mapping[Key, Holder]
    open_cases: Collection[tuple[Key, ...]]


def _look_up(
    session: Session,
    ring: KeyRing,
    named: Sequence[tuple[Key, ...]],
    moments: Sequence[datetime],
    heard: Sequence[datetime],
) -> _Look:
    held = lookup.holders(session, ring.values)
    shells, counting = {}, list(named)
    for place, (shell, rest) in find_old_news(session, named, heard).items():
        # Somebody else of today whom the event names by a strong value keeps it, without what named the erased one.
        if any(key in held and not key.is_weak for key in rest):
            counting[place] = rest
        else:
            shells[place] = shell
    living = [place for place in range(len(counting)) if place not in shells]
    bundles = earliest_bundles([counting[place] for place in living], [moments[place] for place in living])
    return _Look(counting, shells, bundles, held, _unsettled(bundles, held))


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
