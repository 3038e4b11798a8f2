"""Taking from a contact all that names a person. The contact stays as a nameless shell; see erased_names.py."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.erased_names import bury_names
from core.contacts.feed import tell_lake
from core.contacts.joining import Key
from core.contacts.models import Contact, ContactTag, Erasure


def erase_names(session: Session, members: Collection[int], *, actor: str) -> list[Key]:
    """Take identities, profiles and tags from the contacts that make up a person; the keys that named them."""
    now = clock.now()
    keys = bury_names(session, members, at=now)
    session.execute(sa.delete(ContactTag).where(ContactTag.contact_number.in_(members)))
    session.execute(sa.update(Contact).where(Contact.number.in_(members)).values(profile=None, erased_at=now))
    session.add_all(Erasure(contact_number=number, actor=actor, at=now) for number in members)
    tell_lake(session)
    return keys
