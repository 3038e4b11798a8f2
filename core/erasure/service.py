"""A person asks to be forgotten: what names them goes, what counts stays without a name. See docs/security.md."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.audit.actors import actor_now
from core.audit.service import record as note
from core.contacts.erasing import erase_names
from core.contacts.finding import find_contact
from core.contacts.lookup import family
from core.contacts.relations import forget_relations
from core.db import take_turn, tenant_of
from core.ingest.claims import erase_claims
from core.ingest.early import strip_names
from core.ingest.models import RecentVisits
from core.jobs.service import submit
from core.referrals.claiming import forget_waiting
from core.rewards.erasing import erase_payees
from core.touchpoints.service import clear_details


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was taken away."""

    contacts: int
    identities: int
    touchpoints: int


def erase_contact(session: Session, contact_id: str) -> Erased:
    """Erase the person of this contact, with everybody they were merged with, and have the lake forget them.

    Doing it again finds nothing more and does no harm.

    Raises:
        NotFound: there is no such contact.
    """
    contact = find_contact(session, contact_id)
    take_turn(session)  # whoever finds out at this moment who an event is about looks again afterwards
    members = sorted(family(session, [contact.number]))
    names = erase_names(session, members, actor=actor_now().name)
    touches = clear_details(session, members)
    session.execute(sa.delete(RecentVisits).where(RecentVisits.contact_number.in_(members)))
    erase_claims(session, members)
    forget_waiting(session, members, names)
    strip_names(session, names)
    forget_relations(session, names)
    erase_payees(session, members)
    submit(session, "lake.compact", {}, tenant_id=tenant_of(session), coalesce="")
    erased = Erased(len(members), len(names), touches)
    note(session, "contact.erased", f"contact:{contact.id}", {"contacts": len(members), "touchpoints": touches})
    return erased
