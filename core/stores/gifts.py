"""Handing out gifts: one a person, and never more than there are, however many ask at the same moment."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.service import family
from core.db import insert_new, take_turn
from core.placements.models import Placement
from core.stores.models import GiftCount, GiftGiven


@dataclass(frozen=True)
class Handed:
    """What somebody gets: the number of their gift, None when there is none left; `is_new` the first time."""

    number: int | None
    is_new: bool = False


def hand_out(session: Session, placement: Placement, contact: int, *, stock: int) -> Handed:
    """Give this person (a root) the placement's gift, or tell them which one they had."""
    take_turn(session)  # the same person may be asking twice at this moment
    had = _given_to(session, placement, contact)
    if had is not None:
        return Handed(had)
    number = _count_up(session, placement, stock)
    if number is None:
        return Handed(None)
    session.add(GiftGiven(placement_number=placement.number, contact_number=contact, number=number, at=clock.now()))
    session.flush()
    return Handed(number, is_new=True)


def count_given(session: Session, placement: Placement) -> int:
    """How many gifts of the placement were handed out."""
    query = sa.select(GiftCount.given).where(GiftCount.placement_number == placement.number)
    return session.scalar(query) or 0


def _given_to(session: Session, placement: Placement, contact: int) -> int | None:
    everyone = family(session, [contact])
    return session.scalar(
        sa.select(sa.func.min(GiftGiven.number)).where(
            GiftGiven.placement_number == placement.number, GiftGiven.contact_number.in_({contact, *everyone})
        )
    )


def _count_up(session: Session, placement: Placement, stock: int) -> int | None:
    start = {"placement_number": placement.number, "given": 0}
    insert_new(session, GiftCount, [start], conflict=("placement_number",))
    return session.scalar(
        sa.update(GiftCount)
        .where(GiftCount.placement_number == placement.number, GiftCount.given < stock)
        .values(given=GiftCount.given + 1)
        .returning(GiftCount.given)
        .execution_options(synchronize_session=False)
    )
