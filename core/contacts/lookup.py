"""Reading who is stored: holders of keys, whole families, pairs kept apart. One query a kind, none a row."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.identities import KINDS
from core.contacts.joining import Key, Pair
from core.contacts.keys import Holder, shared_keys
from core.contacts.models import Contact, ContactIdentity, IgnoredIdentity, MergeLog
from core.db import among

T = TypeVar("T")

# SQLite takes 32,766 parameters a statement; smaller lists also keep the statement cache small.
CHUNK = 1_000
ROOT = sa.func.coalesce(Contact.merged_into, Contact.number)

# Made once: every event asks this, and making it costs as much as running it.
_PERSON = aliased(Contact)
_HELD = (
    sa.select(ContactIdentity.blind_index, Contact.number, _PERSON.number, Contact.facts_since, _PERSON.joined_at)
    .join(Contact, Contact.number == ContactIdentity.contact_number)
    .join(_PERSON, _PERSON.number == ROOT)
)


def holders(session: Session, keys: Iterable[Key]) -> dict[Key, Holder]:
    """Who holds these keys; keys of nobody are left out."""
    tokens: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for key in keys:
        tokens[key.kind, key.app].append(key.token)
    found: dict[Key, Holder] = {}
    for (kind, app), wanted in tokens.items():
        query = _HELD.where(
            ContactIdentity.kind == kind,
            ContactIdentity.app == app,
            among(session, ContactIdentity.blind_index, wanted),
        )
        for token, number, person, since, joined_at in session.execute(query):
            found[Key(kind, app, token)] = Holder(number, person, since, joined_at)
    return found


def apps_in_use(session: Session) -> list[tuple[str, str]]:
    """Each kind of identity with the apps it was seen under, found by hopping along the index from app to app."""
    found = []
    for kind in KINDS:
        query = sa.select(sa.func.min(ContactIdentity.app)).where(ContactIdentity.kind == kind)
        app = session.scalar(query)
        while app is not None:
            found.append((kind, app))
            app = session.scalar(query.where(ContactIdentity.app > app))
    return found


def strong_keys(session: Session, roots: Collection[int]) -> dict[int, set[Key]]:
    """All strong identities of these people, of every contact that is part of them."""
    held: dict[int, set[Key]] = {root: set() for root in roots}
    for chunk in _chunks(sorted(roots)):
        query = (
            sa.select(ROOT, ContactIdentity.kind, ContactIdentity.app, ContactIdentity.blind_index)
            .join(Contact, Contact.number == ContactIdentity.contact_number)
            .where(_part_of(chunk), Contact.joined_at.is_not(None))
        )
        for root, kind, app, token in session.execute(query):
            key = Key(kind, app, token)
            if not key.is_weak:
                held[root].add(key)
    return held


def roots_of(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """The person that each of these contacts is part of."""
    found: dict[int, int] = {}
    for chunk in _chunks(sorted(set(numbers))):
        found.update(session.execute(sa.select(Contact.number, ROOT).where(Contact.number.in_(chunk))).all())
    return found


def public_ids(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The ids of these contacts as the outside knows them."""
    found: dict[int, str] = {}
    for chunk in _chunks(sorted(set(numbers))):
        query = sa.select(Contact.number, Contact.id).where(Contact.number.in_(chunk))
        found |= {number: str(contact_id) for number, contact_id in session.execute(query)}
    return found


def family(session: Session, roots: Collection[int]) -> dict[int, int]:
    """Every contact that is part of these people, and which of them."""
    found: dict[int, int] = {}
    for chunk in _chunks(sorted(roots)):
        found.update(session.execute(sa.select(Contact.number, ROOT).where(_part_of(chunk))).all())
    return found


def kept_apart(session: Session, roots: Collection[int]) -> set[Pair]:
    """Pairs of these people that a human has parted, or is still to decide about."""
    if len(roots) < 2:
        return set()
    person = family(session, roots)
    pairs: set[Pair] = set()
    for chunk in _chunks(sorted(person)):
        query = sa.select(MergeLog.winner, MergeLog.loser).where(
            MergeLog.kind.in_(("parked", "undone", "rejected")), MergeLog.loser.in_(chunk)
        )
        for winner, loser in session.execute(query):
            if winner in person and person[winner] != person[loser]:
                pairs.add(frozenset((person[winner], person[loser])))
    return pairs


def ignored_keys(session: Session) -> frozenset[Key]:
    """The values that join nobody: the tenant's own list and those everybody ignores."""
    rows = session.execute(sa.select(IgnoredIdentity.kind, IgnoredIdentity.app, IgnoredIdentity.blind_index))
    return shared_keys(session) | {Key(kind, app, token) for kind, app, token in rows}


def _part_of(roots: Sequence[int]) -> sa.ColumnElement[bool]:
    return sa.or_(Contact.number.in_(roots), Contact.merged_into.in_(roots))


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
