"""Opening sealed identities: for showing them masked, and for writing to a person."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.identities import RANK, Identity
from core.contacts.lookup import family
from core.contacts.models import ContactIdentity
from core.db import vault_of


def identities_of(session: Session, roots: Collection[int]) -> dict[int, list[Identity]]:
    """The identities of these people, opened: phone and e-mail first, then ids, then browsers and devices."""
    return _open(session, family(session, roots), roots)


def own_identities(session: Session, numbers: Collection[int]) -> dict[int, list[Identity]]:
    """The identities that were given to exactly these contacts, whoever they are part of now."""
    return _open(session, {number: number for number in numbers}, numbers)


def _open(session: Session, person: dict[int, int], roots: Collection[int]) -> dict[int, list[Identity]]:
    vault = vault_of(session)
    found: dict[int, list[Identity]] = {root: [] for root in roots}
    query = sa.select(ContactIdentity).where(ContactIdentity.contact_number.in_(person)).order_by(ContactIdentity.id)
    for row in session.scalars(query):
        value = vault.unseal("identity", row.id, "value", row.sealed).decode()
        found[person[row.contact_number]].append(Identity(row.kind, row.app, value))
    for identities in found.values():
        identities.sort(key=_place)
    return found


def _place(identity: Identity) -> int:
    # A reader knows people by phone and e-mail, so those stand first although they decide last.
    return {"phone": -2, "email": -1}.get(identity.kind, RANK[identity.kind])
