"""From a filter to SQL over joined contacts. Facts of merged contacts count for the person they became."""

from functools import singledispatch

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.channels.models import Channel
from core.contacts.models import Contact, ContactIdentity, ContactTag
from core.db import find
from core.orders.models import Order
from core.placements.models import Placement
from core.segments.filters import AllOf, AnyOf, CameFrom, Everybody, Filter, HasTag, Joined, Not, Ordered, Reachable

Clause = sa.ColumnElement[bool]
Member = aliased(Contact)
"""A contact that a fact was recorded for; its root is the person."""

# SQLAlchemy folds what contains a plain false into it, and the tenant's own criterion with it.
EVERYBODY: Clause = Contact.number.is_not(None)

ROOT = sa.func.coalesce(Member.merged_into, Member.number)


def contacts_where(session: Session, chosen: Filter) -> sa.Select[int]:
    """The numbers of the joined contacts that the filter finds.

    Raises:
        NotFound: it names a channel or placement that does not exist here.
    """
    alive = sa.and_(Contact.merged_into.is_(None), Contact.joined_at.is_not(None))
    return sa.select(Contact.number).where(alive, clause_of(chosen, session))


@singledispatch
def clause_of(chosen: object, session: Session) -> Clause:
    """The condition that one node of a filter sets."""
    raise TypeError(f"{type(chosen).__name__} is no filter")


@clause_of.register
def _(chosen: Everybody, session: Session) -> Clause:
    return EVERYBODY


@clause_of.register
def _(chosen: HasTag, session: Session) -> Clause:
    tagged = sa.select(ROOT).join(ContactTag, ContactTag.contact_number == Member.number)
    return Contact.number.in_(tagged.where(ContactTag.tag == chosen.tag))


@clause_of.register
def _(chosen: CameFrom, session: Session) -> Clause:
    parts: list[Clause] = []
    if chosen.channel_id is not None:
        parts.append(Contact.origin_channel_number == find(session, Channel, chosen.channel_id).number)
    if chosen.placement_id is not None:
        parts.append(Contact.origin_placement_number == find(session, Placement, chosen.placement_id).number)
    return sa.and_(EVERYBODY, *parts)


@clause_of.register
def _(chosen: Joined, session: Session) -> Clause:
    parts: list[Clause] = []
    if chosen.since is not None:
        parts.append(Contact.joined_at >= chosen.since)
    if chosen.until is not None:
        parts.append(Contact.joined_at < chosen.until)
    return sa.and_(EVERYBODY, *parts)


@clause_of.register
def _(chosen: Ordered, session: Session) -> Clause:
    counted = sa.select(ROOT).join(Order, Order.contact_number == Member.number).where(Order.state != "cancelled")
    if chosen.since is not None:
        counted = counted.where(Order.placed_at >= chosen.since)
    parts: list[Clause] = []
    if chosen.at_least is not None:
        parts.append(Contact.number.in_(counted.group_by(ROOT).having(sa.func.count() >= chosen.at_least)))
    if chosen.at_most is not None:
        parts.append(Contact.number.not_in(counted.group_by(ROOT).having(sa.func.count() > chosen.at_most)))
    return sa.and_(EVERYBODY, *parts)


@clause_of.register
def _(chosen: Reachable, session: Session) -> Clause:
    named = sa.select(ROOT).join(ContactIdentity, ContactIdentity.contact_number == Member.number)
    return Contact.number.in_(named.where(ContactIdentity.kind == chosen.kind))


@clause_of.register
def _(chosen: AllOf, session: Session) -> Clause:
    return sa.and_(*(clause_of(part, session) for part in chosen.of))


@clause_of.register
def _(chosen: AnyOf, session: Session) -> Clause:
    return sa.or_(*(clause_of(part, session) for part in chosen.of))


@clause_of.register
def _(chosen: Not, session: Session) -> Clause:
    return sa.not_(clause_of(chosen.of, session))
