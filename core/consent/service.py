"""May this message go to these people? And everything that changes the answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.consent.ledger import NewConsent, first_broken_entry, note_consents
from core.consent.models import ConsentEntry, Suppression
from core.consent.rules import REACHED_BY, Statement, Verdict, judge
from core.contacts.identities import IdentityClaim, normalise
from core.contacts.joining import Key
from core.contacts.keys import key_of
from core.contacts.lookup import family, roots_of
from core.contacts.models import Contact, ContactIdentity
from core.db import insert_new, vault_of

SILENCED = ("phone", "email")
"""Addresses that a stop silences by themselves; other ids are of one account, and the refusal alone is enough."""

__all__ = [
    "NewConsent",
    "Verdict",
    "consents_of",
    "first_broken_entry",
    "grant",
    "is_suppressed",
    "may_send",
    "note_consents",
    "opt_out",
    "release",
    "suppress",
    "withdraw",
]


def grant(
    session: Session,
    contact_number: int,
    *,
    purpose: str = "marketing",
    medium: str,
    source: str,
    wording: str = "",
    evidence: str = "",
    at: datetime | None = None,
) -> None:
    """Write down that a contact agreed; `medium="*"` is all of them."""
    statement = NewConsent(contact_number, purpose, medium, True, at or clock.now(), source, wording, evidence)
    note_consents(session, [statement])


def withdraw(
    session: Session,
    contact_number: int,
    *,
    purpose: str = "*",
    medium: str = "*",
    source: str,
    evidence: str = "",
    at: datetime | None = None,
) -> None:
    """Write down that a contact refused; unless told otherwise, everything."""
    statement = NewConsent(contact_number, purpose, medium, False, at or clock.now(), source, "", evidence)
    note_consents(session, [statement])


def opt_out(
    session: Session,
    contact_number: int,
    *,
    addresses: Iterable[IdentityClaim],
    medium: str,
    word: str,
    source: str,
    evidence: str,
    at: datetime | None = None,
) -> None:
    """Somebody said stop, to us or to whoever carries our messages: the person's refusal, and their phones and e-mail
    addresses go on the list, whoever holds them later.

    Args:
        word: what they said, or the carrier's code for it.
    """
    for claim in addresses:
        if claim.kind in SILENCED:
            suppress(session, claim.kind, claim.value, reason=word or "asked")
    withdraw(session, contact_number, medium=medium, source=source, evidence=evidence, at=at)


def suppress(session: Session, kind: str, value: str, *, app: str | None = None, reason: str = "asked") -> None:
    """Never write to this address again, whoever holds it. Known or not, twice or once, it is the same.

    Raises:
        Invalid: the value is no such address.
    """
    key = key_of(vault_of(session), normalise(IdentityClaim(kind, value, app)))
    row = {"kind": key.kind, "app": key.app, "blind_index": key.token, "reason": reason[:120]}
    insert_new(session, Suppression, [row], conflict=("kind", "app", "blind_index"))


def release(session: Session, kind: str, value: str, *, app: str | None = None) -> bool:
    """Take an address off the list, because its owner asked for it; false where it was not on it."""
    key = key_of(vault_of(session), normalise(IdentityClaim(kind, value, app)))
    gone = sa.delete(Suppression).where(_is_key(key)).returning(Suppression.id)
    return session.scalar(gone) is not None


def is_suppressed(session: Session, kind: str, value: str, *, app: str | None = None) -> bool:
    """Whether nobody may write to this address."""
    key = key_of(vault_of(session), normalise(IdentityClaim(kind, value, app)))
    return session.scalar(sa.select(Suppression.id).where(_is_key(key))) is not None


def may_send(session: Session, contacts: Sequence[int], *, purpose: str, medium: str) -> dict[int, Verdict]:
    """A verdict for each contact number, from the person's whole past: every part that was merged into it counts.

    Call it in the transaction that claims the delivery, so that a refusal that came first is heard.
    """
    root = roots_of(session, contacts)
    roots = set(root.values())
    members = family(session, roots)
    said = _statements(session, members)
    silent = _suppressed_people(session, members, medium=medium)
    joined = set(
        session.scalars(sa.select(Contact.number).where(Contact.number.in_(roots), Contact.joined_at.is_not(None)))
    )
    verdicts: dict[int, Verdict] = {}
    for number in contacts:
        person = root.get(number)
        if person is None:
            verdicts[number] = Verdict(False, "unknown_contact")
        elif person not in joined:
            verdicts[number] = Verdict(False, "visitor")
        else:
            verdicts[number] = judge(said[person], purpose=purpose, medium=medium, is_suppressed=person in silent)
    return verdicts


def consents_of(session: Session, contact_numbers: Collection[int]) -> list[ConsentEntry]:
    """The ledger entries of these contacts, newest first."""
    query = sa.select(ConsentEntry).where(ConsentEntry.contact_number.in_(contact_numbers))
    return list(session.scalars(query.order_by(ConsentEntry.at.desc(), ConsentEntry.seq.desc())))


def _is_key(key: Key) -> sa.ColumnElement[bool]:
    return sa.and_(Suppression.kind == key.kind, Suppression.app == key.app, Suppression.blind_index == key.token)


def _statements(session: Session, members: dict[int, int]) -> dict[int, list[Statement]]:
    query = sa.select(
        ConsentEntry.contact_number, ConsentEntry.purpose, ConsentEntry.medium, ConsentEntry.granted, ConsentEntry.at
    ).where(ConsentEntry.contact_number.in_(members))
    said: dict[int, list[Statement]] = defaultdict(list)
    for number, purpose, medium, granted, at in session.execute(query):
        said[members[number]].append(Statement(purpose, medium, granted, at))
    return said


def _suppressed_people(session: Session, members: dict[int, int], *, medium: str) -> set[int]:
    """People with a suppressed address of this medium; one is enough, for it is the person who refused."""
    kind = REACHED_BY.get(medium)
    query = (
        sa.select(ContactIdentity.contact_number)
        .join(
            Suppression,
            sa.and_(
                Suppression.kind == ContactIdentity.kind,
                Suppression.app == ContactIdentity.app,
                Suppression.blind_index == ContactIdentity.blind_index,
            ),
        )
        .where(ContactIdentity.contact_number.in_(members))
    )
    if kind is not None:
        query = query.where(ContactIdentity.kind == kind)
    return {members[number] for number in session.scalars(query)}
