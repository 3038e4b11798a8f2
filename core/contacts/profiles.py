"""What a brand knows of a person beside identities (name, city): sealed, small, never in the lake."""

import json
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.db import vault_of
from core.errors import FieldError, Invalid, NotFound

MAX_FIELDS = 40
MAX_TEXT = 500


def describe(session: Session, number: int, *, fields: Mapping[str, str | None]) -> dict[str, str]:
    """Add fields to a contact's profile; an empty value takes one away. Returns the whole profile.

    An erased contact stays without: what is still told of it is old news.
    """
    contact = _contact(session, number)
    if contact.erased_at is not None:
        return {}
    known = {**_open(session, contact), **{key: value or "" for key, value in fields.items()}}
    kept = {key: value for key, value in known.items() if value}
    if len(kept) > MAX_FIELDS or any(max(len(key), len(value)) > MAX_TEXT for key, value in kept.items()):
        message = f"at most {MAX_FIELDS} fields of {MAX_TEXT} characters"
        raise Invalid(fields=[FieldError("profile", "too_large", message)])
    plain = json.dumps(kept, ensure_ascii=False).encode()
    contact.profile = vault_of(session).seal("contact", contact.id, "profile", plain) if kept else None
    session.flush()
    return kept


def profile_of(session: Session, number: int) -> dict[str, str]:
    """The opened profile of a contact."""
    return _open(session, _contact(session, number))


def _contact(session: Session, number: int) -> Contact:
    contact = session.scalar(sa.select(Contact).where(Contact.number == number))
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


def _open(session: Session, contact: Contact) -> dict[str, str]:
    if contact.profile is None:
        return {}
    plain = vault_of(session).unseal("contact", contact.id, "profile", contact.profile)
    profile: dict[str, str] = json.loads(plain)
    return profile
