"""Finding contacts: by what names them (through the blind index), by tag, by where they came from."""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.identities import BadIdentity, IdentityClaim, normalise
from core.contacts.keys import key_of
from core.contacts.lookup import ROOT, apps_in_use, holders, roots_of
from core.contacts.models import Contact, ContactTag
from core.db import find, vault_of

# Slices above add ways to find people, such as an order number: text -> contact numbers.
Finder = Callable[[Session, str], list[int]]
_finders: list[Finder] = []


def finds_contacts(finder: Finder) -> Finder:
    """Decorator: let `search` ask this one, too."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def search(
    session: Session,
    *,
    text: str | None = None,
    tag: str | None = None,
    channel_number: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Contact]:
    """People (no visitors, no merged parts), newest first, that fit all that is given.

    Args:
        text: a whole phone number, e-mail address, other id, order number, contact number or tag; values are sealed,
            so no parts of them.
        before: the number the last page ended at.
    """
    query = sa.select(Contact).where(Contact.merged_into.is_(None), Contact.joined_at.is_not(None))
    if text is not None and text.strip():
        query = query.where(
            sa.or_(Contact.number.in_(_named_by(session, text)), Contact.number.in_(_tagged(text.strip())))
        )
    if tag is not None:
        query = query.where(Contact.number.in_(_tagged(tag)))
    if channel_number is not None:
        query = query.where(Contact.origin_channel_number == channel_number)
    if before is not None:
        query = query.where(Contact.number < before)
    return list(session.scalars(query.order_by(Contact.number.desc()).limit(limit)))


def find_contact(session: Session, contact_id: str | UUID) -> Contact:
    """The person with this id; for a merged contact, the one it is part of.

    Raises:
        NotFound: there is none.
    """
    contact = find(session, Contact, contact_id)
    if contact.merged_into is None:
        return contact
    return session.scalars(sa.select(Contact).where(Contact.number == contact.merged_into)).one()


def _named_by(session: Session, text: str) -> set[int]:
    keys = []
    for kind, app in apps_in_use(session):
        try:
            keys.append(key_of(vault_of(session), normalise(IdentityClaim(kind, text, app))))
        except BadIdentity:
            continue
    found = {holder.root for holder in holders(session, keys).values()} | _numbered(session, text)
    extra = [number for finder in _finders for number in finder(session, text.strip())]
    return found | set(roots_of(session, extra).values())


def _numbered(session: Session, text: str) -> set[int]:
    """The person of a contact number as the pages write it, with or without a # before it."""
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return set()
    return set(roots_of(session, [int(digits)]).values())


def _tagged(tag: str) -> sa.Select[int]:
    return (
        sa.select(ROOT)
        .join(ContactTag, ContactTag.contact_number == Contact.number)
        .where(ContactTag.tag == tag)
        .correlate(None)
    )
