"""What comes before the thing it speaks of: a refund before its order, a receipt before its message has its number.

It is kept, sealed, until that thing appears, and is then applied as if it had come after it. Bounded: a tenant keeps
the newest 10,000, and none longer than 30 days.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.identities import BadIdentity, IdentityClaim
from core.contacts.joining import Key
from core.contacts.keys import KeyRing
from core.db import among, insert_columns, new_ids, vault_of
from core.ingest.models import EarlyFact

MOST = 10_000
LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Early:
    """One such fact. `subject` names what it waits for in its channel; `told` is small JSON."""

    subject: str
    event_id: str
    at: datetime
    told: Mapping[str, object]


def keep_early(session: Session, channel_number: int, facts: Sequence[Early]) -> None:
    """Keep them until their subjects appear; told again, each is kept once.

    Call `take_turn` first and look for the subject once more: it may have come at this very moment.
    """
    if not facts:
        return
    vault, ids = vault_of(session), new_ids(len(facts))
    columns: dict[str, Sequence[object]] = {
        "id": ids,
        "subject": [fact.subject for fact in facts],
        "event_id": [fact.event_id for fact in facts],
        "at": [fact.at for fact in facts],
        "body": [
            vault.seal("early_fact", row_id, "body", json.dumps(fact.told).encode())
            for row_id, fact in zip(ids, facts, strict=True)
        ],
    }
    same = {"channel_number": channel_number, "created_at": clock.now()}
    insert_columns(session, EarlyFact, columns, conflict=("channel_number", "subject", "event_id"), same=same)
    _forget_oldest(session)


def anything_waits(session: Session) -> bool:
    """Whether anything was told too early. Call `take_turn` first."""
    return session.scalar(sa.select(EarlyFact.id).limit(1)) is not None


def release_early(session: Session, channel_number: int, subjects: Collection[str]) -> list[Early]:
    """Take out what waits for these subjects, in the order in which it happened. Call `take_turn` first."""
    if not subjects:
        return []
    vault = vault_of(session)
    query = sa.select(EarlyFact).where(
        EarlyFact.channel_number == channel_number, among(session, EarlyFact.subject, subjects)
    )
    rows = list(session.scalars(query.order_by(EarlyFact.at, EarlyFact.event_id)))
    found = [
        Early(row.subject, row.event_id, row.at, json.loads(vault.unseal("early_fact", row.id, "body", row.body)))
        for row in rows
    ]
    if rows:
        session.execute(sa.delete(EarlyFact).where(among(session, EarlyFact.id, [row.id for row in rows])))
    return found


def strip_names(session: Session, keys: Collection[Key]) -> None:
    """Take erased people's names out of what waits; the rest of it may still be of use. All are opened: it is rare."""
    ring = KeyRing(vault_of(session))
    wanted = set(keys)
    for row in session.scalars(sa.select(EarlyFact)):
        told = json.loads(ring.vault.unseal("early_fact", row.id, "body", row.body))
        if told.get("who") and wanted & _keys_of(ring, told["who"]):
            plain = json.dumps({**told, "who": []}).encode()
            row.body = ring.vault.seal("early_fact", row.id, "body", plain)
    session.flush()


def _keys_of(ring: KeyRing, who: Sequence[Mapping[str, str]]) -> set[Key]:
    claims = tuple(IdentityClaim(one["kind"], one["value"], one.get("app")) for one in who)
    try:
        return set(ring.keys(claims))
    except BadIdentity:
        return set()


def expire_early(session: Session, *, limit: int = 1_000) -> int:
    """Forget what waited too long; returns how many went."""
    old = sa.select(EarlyFact.id).where(EarlyFact.created_at < clock.now() - LIFE).limit(limit)
    ids = list(session.scalars(old))
    session.execute(sa.delete(EarlyFact).where(EarlyFact.id.in_(ids)))
    return len(ids)


def _forget_oldest(session: Session) -> None:
    surplus = (session.scalar(sa.select(sa.func.count()).select_from(EarlyFact)) or 0) - MOST
    if surplus > 0:
        oldest = list(session.scalars(sa.select(EarlyFact.id).order_by(EarlyFact.id).limit(surplus)))
        session.execute(sa.delete(EarlyFact).where(among(session, EarlyFact.id, oldest)))
