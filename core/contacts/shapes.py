"""Contacts and merges as the API takes and shows them: masked, never whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field, SerializeAsAny
from sqlalchemy.orm import Session

from core.contacts.masking import mask
from core.contacts.models import Contact, MergeLog
from core.contacts.opening import identities_of
from core.errors import FieldError, Invalid
from core.web import Body, PageQuery, TenantPath


class ContactPath(TenantPath):
    """One contact of a tenant."""

    contact: str = Field(max_length=64)


class MergePath(TenantPath):
    """One merge of a tenant."""

    merge: str = Field(max_length=64)


class ContactsQuery(PageQuery):
    """Contacts that fit: a whole phone, e-mail, id, order number or tag; a tag; the channel they came by."""

    q: str | None = Field(None, max_length=256)
    tag: str | None = Field(None, max_length=60)
    channel_id: str | None = Field(None, max_length=64)

    def after_number(self) -> int | None:
        """The number that the last page ended at. Raises `Invalid` for a cursor that is not ours."""
        after = self.after()
        if after is not None and not (after.isascii() and after.isdigit() and len(after) < 10):
            raise Invalid(fields=[FieldError("cursor", "malformed", "Use `next` of the last answer.")])
        return int(after) if after else None


class MergesQuery(PageQuery):
    """Merges of one state, or all."""

    state: Literal["merged", "undone", "parked", "approved", "rejected"] | None = None


class TagsChanged(Body):
    """Tags to put on and take off."""

    add: list[str] = Field([], max_length=50)
    remove: list[str] = Field([], max_length=50)


class MergeAsked(Body):
    """The contact that this one is to become part of."""

    into: str = Field(max_length=64)


class IdentityShown(BaseModel):
    """What names a contact, masked."""

    kind: str
    app: str | None
    masked: str


class Party(BaseModel):
    """One side of a merge."""

    id: str
    number: int
    identities: list[IdentityShown]


class MergeShown(BaseModel):
    """A merge, done or waiting for a decision; `loser` becomes part of `winner`."""

    id: str
    state: str
    reason: str
    winner: Party
    loser: Party
    actor: str | None
    at: datetime


class ContactShown(BaseModel):
    """A contact in a list."""

    id: str
    number: int
    identities: list[IdentityShown]
    tags: list[str]
    joined_at: datetime | None
    erased_at: datetime | None
    origin_channel_id: str | None


class ContactPage(ContactShown):
    """A contact's own page; slices above add their sections."""

    profile: dict[str, str]
    merges: list[MergeShown]
    touchpoints: list[SerializeAsAny[BaseModel]] = []
    orders: list[SerializeAsAny[BaseModel]] = []
    relations: list[SerializeAsAny[BaseModel]] = []
    consent: list[SerializeAsAny[BaseModel]] = []


def show_identities(session: Session, roots: Sequence[int]) -> dict[int, list[IdentityShown]]:
    """The masked identities of these people, strong ones first."""
    return {
        root: [IdentityShown(kind=one.kind, app=one.app or None, masked=mask(one)) for one in found]
        for root, found in identities_of(session, roots).items()
    }


def show_contact(
    contact: Contact,
    *,
    identities: Mapping[int, list[IdentityShown]],
    tags: Mapping[int, list[str]],
    channel_ids: Mapping[int, str],
) -> ContactShown:
    """A contact with its masked identities."""
    origin = contact.origin_channel_number
    return ContactShown(
        id=str(contact.id),
        number=contact.number,
        identities=identities[contact.number],
        tags=tags[contact.number],
        joined_at=contact.joined_at,
        erased_at=contact.erased_at,
        origin_channel_id=channel_ids.get(origin) if origin is not None else None,
    )


def show_merge(
    entry: MergeLog, state: str, *, ids: Mapping[int, str], identities: Mapping[int, list[IdentityShown]]
) -> MergeShown:
    """A merge with both its sides."""
    sides = [Party(id=ids[n], number=n, identities=identities.get(n, [])) for n in (entry.winner, entry.loser)]
    return MergeShown(
        id=str(entry.id),
        state=state,
        reason=entry.reason,
        winner=sides[0],
        loser=sides[1],
        actor=entry.actor,
        at=entry.at,
    )
