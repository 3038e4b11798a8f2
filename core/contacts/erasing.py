"""Taking from a contact all that names a person. The contact stays as a nameless shell that later events can find.

The blind index (an HMAC under the brand's key) of each erased value is kept on the shell, so that a file imported again
meets the shell and makes no new person of it.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.feed import tell_lake
from core.contacts.models import Contact, ContactIdentity, ContactTag, Erasure


def erase_names(session: Session, members: Collection[int], *, actor: str) -> int:
    """Empty identities, profiles and tags of the contacts that make up a person; how many identities there were."""
    now = clock.now()
    emptied = sa.update(ContactIdentity).where(ContactIdentity.contact_number.in_(members)).values(sealed=b"")
    count = len(session.scalars(emptied.returning(ContactIdentity.id)).all())
    session.execute(sa.delete(ContactTag).where(ContactTag.contact_number.in_(members)))
    session.execute(sa.update(Contact).where(Contact.number.in_(members)).values(profile=None, erased_at=now))
    session.add_all(Erasure(contact_number=number, actor=actor, at=now) for number in members)
    tell_lake(session)
    return count
