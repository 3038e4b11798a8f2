"""Who was erased and comes back is a new contact: their yes must be given anew, their no still stands."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.consent.ledger import NewConsent, note_consents
from core.consent.models import ConsentEntry
from core.contacts.erased_names import burials, last_erasure
from core.contacts.joining import Key
from core.contacts.links import when_named
from core.contacts.lookup import family

SOURCE = "before erasure"


@when_named
def carry_refusals(session: Session, named: Mapping[Key, int]) -> None:
    """Note for new holders of an erased name what the erased person refused, from the day they refused it."""
    if last_erasure(session) is None:
        return
    heirs: dict[int, set[int]] = {}
    for key, graves in burials(session, named).items():
        for _, shell in graves:
            heirs.setdefault(shell, set()).add(named[key])
    if not heirs:
        return
    members = family(session, heirs)
    refused = sa.select(ConsentEntry).where(ConsentEntry.contact_number.in_(members), ConsentEntry.granted.is_(False))
    note_consents(
        session,
        [
            NewConsent(heir, entry.purpose, entry.medium, False, entry.at, SOURCE)
            for entry in session.scalars(refused.order_by(ConsentEntry.seq))
            for heir in sorted(heirs[members[entry.contact_number]])
        ],
    )
