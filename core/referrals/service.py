"""Reading who brought whom: the chain above a person, the people below, and who brings many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.lookup import family
from core.contacts.models import Contact
from core.referrals.claiming import LONGEST_CHAIN, InviterTold, claim_inviters
from core.referrals.edges import Standing, standing_edges, walk_up
from core.referrals.forest import load_forest
from core.referrals.models import PendingReferral, Referral, ReferralRefusal

__all__ = [
    "InviterTold",
    "Summary",
    "chain_above",
    "claim_inviters",
    "count_invitees",
    "invitees_of",
    "summarise",
    "top_inviters",
]


@dataclass(frozen=True, slots=True)
class Summary:
    """People brought, people who brought some, claims that wait for their inviter, claims that were refused."""

    invited: int
    inviters: int
    pending: int
    refused: dict[str, int]


def chain_above(session: Session, person: int) -> list[Standing]:
    """The edge by which the person came, then their inviter's, and so on; nobody twice."""
    standing = walk_up(session, [person], levels=LONGEST_CHAIN)
    chain: list[Standing] = []
    met = {person}
    edge = standing.get(person)
    while edge is not None and edge.inviter not in met:
        chain.append(edge)
        met.add(edge.inviter)
        edge = standing.get(edge.inviter)
    return chain


def invitees_of(
    session: Session, person: int, *, before: UUID | None = None, limit: int = 50
) -> list[tuple[UUID, Standing]]:
    """Whom the person brought, the latest told first, with the ids that a page ends at."""
    mine = Referral.inviter_number.in_(list(family(session, [person])))
    # Somebody told of two inviters before a merge belongs to the first: all edges of the invitees are looked at.
    told = sa.select(Referral.invitee_number).where(mine)
    edges = standing_edges(among=_any_edge_of(told))
    query = sa.select(edges.c.invitee, edges.c.inviter, edges.c.id, edges.c.at).where(edges.c.inviter == person)
    if before is not None:
        query = query.where(edges.c.id < before)
    rows = session.execute(query.order_by(edges.c.id.desc()).limit(limit))
    return [(row_id, Standing(invitee, inviter, at)) for invitee, inviter, row_id, at in rows]


def count_invitees(session: Session, people: Collection[int]) -> dict[int, int]:
    """How many each of these people brought; 0 for those who brought nobody."""
    mine = Referral.inviter_number.in_(list(family(session, people)))
    edges = standing_edges(among=_any_edge_of(sa.select(Referral.invitee_number).where(mine)))
    query = sa.select(edges.c.inviter, sa.func.count()).where(edges.c.inviter.in_(people)).group_by(edges.c.inviter)
    return dict.fromkeys(people, 0) | dict(session.execute(query).all())


def top_inviters(session: Session, *, limit: int) -> Sequence[tuple[int, int]]:
    """Who brought the most people, and how many."""
    people, many = np.unique(load_forest(session).inviter, return_counts=True)
    first = np.lexsort((people, -many))[:limit]
    return list(zip(people[first].tolist(), many[first].tolist(), strict=True))


def summarise(session: Session) -> Summary:
    """The figures over all."""
    forest = load_forest(session)
    invited, inviters = len(forest.invitee), len(np.unique(forest.inviter))
    pending = session.scalar(sa.select(sa.func.count(sa.distinct(PendingReferral.invitee_number)))) or 0
    reasons = sa.select(ReferralRefusal.reason, sa.func.count()).group_by(ReferralRefusal.reason)
    return Summary(invited, inviters, pending, dict(session.execute(reasons).all()))


def _any_edge_of(invitees: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Edges of these contacts and of all that are one person with them."""
    root = sa.func.coalesce(Contact.merged_into, Contact.number)
    roots = sa.select(root).where(Contact.number.in_(invitees))
    members = sa.select(Contact.number).where(sa.or_(Contact.number.in_(roots), Contact.merged_into.in_(roots)))
    return Referral.invitee_number.in_(members)
