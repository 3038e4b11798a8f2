"""Edges as they stand now, merges resolved: each person's inviter is the first told that is not the person.

A circle is refused when it is told, but a later merge can close one. Then its edges stay as they were told, and every
walk up ends before it would meet somebody twice.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.lookup import CHUNK, family
from core.contacts.models import Contact
from core.referrals.models import Referral


@dataclass(frozen=True, slots=True)
class Standing:
    """The edge by which somebody came, both ends as they are known now."""

    invitee: int
    inviter: int
    at: datetime


def standing_edges(*, among: sa.ColumnElement[bool] | None = None) -> sa.Subquery:
    """`invitee, inviter, id, at`: one row a person who joined and was brought by somebody else.

    Args:
        among: a condition on `Referral`; it must keep all edges of a person or none.
    """
    told, by, whom = aliased(Contact), aliased(Contact), aliased(Contact)
    is_own = sa.or_(told.merged_into.is_(None), Referral.at < told.facts_since)
    person = sa.case((is_own, told.number), else_=told.merged_into)
    inviter = sa.func.coalesce(by.merged_into, by.number)
    place = sa.func.row_number().over(partition_by=person, order_by=Referral.id)
    query = (
        sa.select(person.label("invitee"), inviter.label("inviter"), Referral.id, Referral.at, place.label("place"))
        .join(told, told.number == Referral.invitee_number)
        .join(by, by.number == Referral.inviter_number)
        .join(whom, whom.number == person)
        .where(person != inviter, whom.joined_at.is_not(None))
    )
    ranked = (query if among is None else query.where(among)).subquery()
    columns = (ranked.c.invitee, ranked.c.inviter, ranked.c.id, ranked.c.at)
    return sa.select(*columns).where(ranked.c.place == 1).subquery()


def edges_of(session: Session, people: Collection[int]) -> dict[int, Standing]:
    """The edge of each of these people who was brought by somebody."""
    found: dict[int, Standing] = {}
    for chunk in _chunks(sorted(people)):
        members = list(family(session, chunk))
        for some in _chunks(members):
            edges = standing_edges(among=Referral.invitee_number.in_(some))
            query = sa.select(edges.c.invitee, edges.c.inviter, edges.c.id, edges.c.at).order_by(edges.c.id)
            for invitee, inviter, _, at in session.execute(query):
                found.setdefault(invitee, Standing(invitee, inviter, at))
    return {person: found[person] for person in people if person in found}


def walk_up(session: Session, people: Collection[int], *, levels: int) -> dict[int, Standing]:
    """The edges of these people, of their inviters, and so on for at most so many levels; one query a level."""
    known: dict[int, Standing] = {}
    frontier = set(people)
    for _ in range(levels):
        found = edges_of(session, frontier)
        known.update(found)
        frontier = {edge.inviter for edge in found.values()} - known.keys()
        if not frontier:
            break
    return known


def _chunks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
