"""What named people who were erased, as blind indexes: so that old news of them is known as such.

What happened up to an erasure belongs to the nameless contact that was left, whenever we hear of it: a file imported
again, a webhook that comes late. What the person does afterwards makes a new acquaintance, which has nothing of the old
one but its refusals (core/consent/carrying.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.joining import Key
from core.contacts.lookup import ROOT
from core.contacts.models import Contact, ContactIdentity, ErasedName, Erasure
from core.db import among, insert_new

Burial = tuple[datetime, int]
"""When a name was erased, and the person (a number of a root) that it had named."""


def bury_names(session: Session, members: Collection[int], *, at: datetime) -> list[Key]:
    """Turn the identities of these contacts into erased names."""
    gone = list(session.scalars(sa.select(ContactIdentity).where(ContactIdentity.contact_number.in_(members))))
    rows: list[dict[str, object]] = [
        {
            "contact_number": one.contact_number,
            "kind": one.kind,
            "app": one.app,
            "blind_index": one.blind_index,
            "at": at,
        }
        for one in gone
    ]
    insert_new(session, ErasedName, rows, conflict=("kind", "app", "blind_index", "contact_number"))
    session.execute(sa.delete(ContactIdentity).where(ContactIdentity.contact_number.in_(members)))
    return [Key(one.kind, one.app, one.blind_index) for one in gone]


def last_erasure(session: Session) -> datetime | None:
    """When somebody was last erased: what happened later is no old news, and nothing has to be looked up for it."""
    return session.scalar(sa.select(Erasure.at).order_by(Erasure.id.desc()).limit(1))


def burials(session: Session, keys: Iterable[Key]) -> dict[Key, list[Burial]]:
    """Whom these keys named until an erasure, the earliest first; keys that never did are left out."""
    tokens: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for key in keys:
        tokens[key.kind, key.app].append(key.token)
    found: dict[Key, list[Burial]] = defaultdict(list)
    for (kind, app), wanted in tokens.items():
        query = (
            sa.select(ErasedName.blind_index, ErasedName.at, ROOT)
            .join(Contact, Contact.number == ErasedName.contact_number)
            .where(ErasedName.kind == kind, ErasedName.app == app)
            .where(among(session, ErasedName.blind_index, wanted))
            .order_by(ErasedName.at)
        )
        for token, at, root in session.execute(query):
            found[Key(kind, app, token)].append((at, root))
    return found


def find_old_news(
    session: Session, named: Sequence[tuple[Key, ...]], moments: Sequence[datetime]
) -> dict[int, tuple[int, tuple[Key, ...]]]:
    """Places of events that speak of people as they were before an erasure: the person, and the keys that still count.

    Args:
        named: the keys of each event, its best first.
        moments: when the events happened.
    """
    last = last_erasure(session)
    early = [place for place, moment in enumerate(moments) if last is not None and moment <= last]
    if not early:
        return {}
    buried = burials(session, {key for place in early for key in named[place]})
    found = {}
    for place in early:
        shells = {
            key: shell for key in named[place] if (shell := _named_at(buried, key, at=moments[place])) is not None
        }
        if shells:
            rest = tuple(key for key in named[place] if key not in shells)
            found[place] = next(iter(shells.values())), rest
    return found


def forgotten_places(session: Session, contacts: Sequence[int], moments: Sequence[datetime]) -> set[int]:
    """Places of facts of erased people from before their erasure: nothing may be kept of them that names anybody."""
    last = last_erasure(session)
    early = [place for place, moment in enumerate(moments) if last is not None and moment <= last]
    if not early:
        return set()
    about = among(session, Contact.number, {contacts[place] for place in early})
    query = sa.select(Contact.number, Contact.erased_at).where(about, Contact.erased_at.is_not(None))
    erased = dict(session.execute(query).all())
    return {place for place in early if (at := erased.get(contacts[place])) is not None and moments[place] <= at}


def _named_at(buried: Mapping[Key, Sequence[Burial]], key: Key, *, at: datetime) -> int | None:
    return next((shell for until, shell in buried.get(key, ()) if at <= until), None)
