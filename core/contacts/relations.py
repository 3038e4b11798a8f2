"""A person and the brand's accounts: when each relation began, and when one of them ended it.

Changes are kept under the name that the vendor tells, as a blind index, and find their contact when they are read: an
end that comes before its begin, or of somebody who was never a contact, makes nobody one. The state of a relation is
that of its latest instant, in whatever order the changes came. Touchpoints stay as they are.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.identities import IdentityClaim, normalise_all
from core.contacts.joining import Key
from core.contacts.keys import key_of
from core.contacts.lookup import ROOT
from core.contacts.models import Contact, ContactIdentity, RelationChange
from core.contacts.sections import shows_contacts
from core.db import insert_new, vault_of


@dataclass(frozen=True, slots=True)
class RelationTold:
    """What a source says: `state` is begun or ended, `by` (person, brand or "") who ended it."""

    event_id: str
    claims: tuple[IdentityClaim, ...]
    account: str
    state: str
    by: str
    at: datetime


class RelationShown(BaseModel):
    """One change on a contact's page."""

    state: str
    by: str
    account: str
    channel: str
    at: datetime


def note_relations(session: Session, channel: int, told: Sequence[RelationTold]) -> None:
    """Keep the changes, each once."""
    vault = vault_of(session)
    rows = []
    for one in told:
        key = key_of(vault, normalise_all(one.claims)[0])
        rows.append(
            {
                "channel_number": channel,
                "event_id": one.event_id,
                "kind": key.kind,
                "app": key.app,
                "blind_index": key.token,
                "account": one.account[:100],
                "state": one.state,
                "by": one.by,
                "at": one.at,
            }
        )
    insert_new(session, RelationChange, rows, conflict=("channel_number", "event_id"))


@shows_contacts("relations")
def show_relations(session: Session, numbers: Collection[int]) -> list[BaseModel]:
    """The changes of these contacts, newest first."""
    query = (
        sa.select(RelationChange, Channel.name)
        .join(Channel, Channel.number == RelationChange.channel_number)
        .join(ContactIdentity, _NAMES)
        .where(ContactIdentity.contact_number.in_(numbers))
        .order_by(RelationChange.at.desc(), RelationChange.state.desc())
        .limit(200)
    )
    return [
        RelationShown(state=row.state, by=row.by, account=row.account, channel=name, at=row.at)
        for row, name in session.execute(query)
    ]


def people_who_left(session: Session) -> list[int]:
    """Numbers (roots) of contacts who had a relation with an account of the brand's and have none now."""
    parts = (RelationChange.kind, RelationChange.app, RelationChange.blind_index)
    whole = (*parts, RelationChange.channel_number, RelationChange.account)
    newest = (RelationChange.at.desc(), RelationChange.state.desc())  # of one instant, the end is the later one
    place = sa.func.row_number().over(partition_by=whole, order_by=newest).label("place")
    last = sa.select(RelationChange.tenant_id, *parts, RelationChange.state, place).subquery()
    query = (
        sa.select(ROOT)
        .select_from(last)
        .join(
            ContactIdentity,
            sa.and_(
                ContactIdentity.kind == last.c.kind,
                ContactIdentity.app == last.c.app,
                ContactIdentity.blind_index == last.c.blind_index,
            ),
        )
        .join(Contact, Contact.number == ContactIdentity.contact_number)
        .where(last.c.place == 1)
        .group_by(ROOT)
        .having(sa.func.sum(sa.case((last.c.state == "begun", 1), else_=0)) == 0)
    )
    return sorted(session.scalars(query))


def forget_relations(session: Session, keys: Iterable[Key]) -> None:
    """Take away all changes of somebody who was erased."""
    for key in keys:
        session.execute(
            sa.delete(RelationChange).where(
                RelationChange.kind == key.kind, RelationChange.app == key.app, RelationChange.blind_index == key.token
            )
        )


_NAMES = sa.and_(
    ContactIdentity.kind == RelationChange.kind,
    ContactIdentity.app == RelationChange.app,
    ContactIdentity.blind_index == RelationChange.blind_index,
)
