"""Writing and proving the ledger. Entries of a tenant are numbered and chained, so a changed past shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.audit.actors import actor_now
from core.consent.models import ConsentEntry
from core.consent.rules import START, LedgerLine, link
from core.db import insert_new, next_numbers, tenant_of
from core.errors import FieldError, Invalid

LIMITS = {"purpose": 40, "medium": 40, "source": 120, "evidence": 200, "wording": 10_000}


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A yes or no to write down. `evidence` names where it was said: a touchpoint, a file's row, a form."""

    contact_number: int
    purpose: str
    medium: str
    granted: bool
    at: datetime
    source: str
    wording: str = ""
    evidence: str = ""


def note_consents(session: Session, statements: Sequence[NewConsent]) -> int:
    """Append what is not written down yet; returns how many entries are new.

    Raises:
        Invalid: an empty purpose, medium or source, or a text that is too long.
    """
    for statement in statements:
        _check(statement)
    known = _known(session, {statement.contact_number for statement in statements})
    fresh = [s for s in dict.fromkeys(statements) if _sameness(s) not in known]
    if not fresh:
        return 0
    # The counter's row is locked from here to the commit, so entries are chained one transaction after the other.
    numbers = next_numbers(session, "consent", len(fresh))
    before = _hash_of(session, numbers.start - 1)
    now, actor, tenant = clock.now(), actor_now().name, tenant_of(session)
    rows: list[dict[str, object]] = []
    for seq, statement in zip(numbers, fresh, strict=True):
        line = LedgerLine(
            tenant_id=tenant,
            seq=seq,
            contact_number=statement.contact_number,
            purpose=statement.purpose,
            medium=statement.medium,
            granted=statement.granted,
            wording=statement.wording,
            source=statement.source,
            evidence=statement.evidence,
            actor=actor,
            at=statement.at,
            recorded_at=now,
        )
        digest = link(before, line)
        columns = {name: getattr(line, name) for name in LedgerLine.__slots__ if name != "tenant_id"}
        rows.append({**columns, "before": before, "hash": digest})
        before = digest
    insert_new(session, ConsentEntry, rows, conflict=("seq",))
    return len(fresh)


def first_broken_entry(session: Session) -> int | None:
    """The number of the first entry that was changed, dropped or put in between; None when the chain holds."""
    before, seq = START, 0
    while page := _page_after(session, seq):
        for entry in page:
            if entry.seq != seq + 1 or entry.before != before or entry.hash != link(before, entry.line):
                return seq + 1
            before, seq = entry.hash, entry.seq
    return None


def _page_after(session: Session, seq: int) -> Sequence[ConsentEntry]:
    query = sa.select(ConsentEntry).where(ConsentEntry.seq > seq).order_by(ConsentEntry.seq).limit(1_000)
    return session.scalars(query).all()


def _check(statement: NewConsent) -> None:
    for name, limit in LIMITS.items():
        text: str = getattr(statement, name)
        if len(text) > limit or (not text and name in ("purpose", "medium", "source")):
            raise Invalid(fields=[FieldError(name, "length", f"{name} takes 1 to {limit} characters")])


def _known(session: Session, contacts: set[int]) -> set[tuple[object, ...]]:
    columns = (
        ConsentEntry.contact_number,
        ConsentEntry.purpose,
        ConsentEntry.medium,
        ConsentEntry.granted,
        ConsentEntry.at,
        ConsentEntry.source,
    )
    return {tuple(row) for row in session.execute(sa.select(*columns).where(ConsentEntry.contact_number.in_(contacts)))}


def _sameness(statement: NewConsent) -> tuple[object, ...]:
    """An event told twice is one statement: the same words at the same instant from the same source."""
    s = statement
    return (s.contact_number, s.purpose, s.medium, s.granted, s.at, s.source)


def _hash_of(session: Session, seq: int) -> bytes:
    if seq == 0:
        return START
    return session.scalars(sa.select(ConsentEntry.hash).where(ConsentEntry.seq == seq)).one()
