"""Inviters and where they came from, as arrays for the `upstream` model."""

from dataclasses import replace

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.days import local_days
from core.attribution.journeys import Ints
from core.attribution.packing import CellCode
from core.attribution.upstream import Above
from core.contacts.models import Contact
from core.lake.facts import NO_PLACEMENT
from core.referrals.forest import load_forest
from core.referrals.models import Referral


def load_above(session: Session, *, zone: str) -> Above:
    """All edges of the bound tenant as they stand now, and the origins of the inviters."""
    forest = load_forest(session)
    by = sa.select(Referral.inviter_number)
    roots = sa.select(Contact.merged_into).where(Contact.number.in_(by), Contact.merged_into.is_not(None))
    placement = sa.func.coalesce(Contact.origin_placement_number, NO_PLACEMENT)
    joined = sa.type_coerce(Contact.joined_at, sa.BigInteger)
    query = (
        sa.select(Contact.number, Contact.origin_channel_number, placement, joined)
        .where(sa.or_(Contact.number.in_(by), Contact.number.in_(roots)), Contact.merged_into.is_(None))
        .where(Contact.origin_channel_number.is_not(None), Contact.joined_at.is_not(None))
        .order_by(Contact.number)
    )
    flat = np.fromiter((value for row in session.execute(query) for value in row), np.int64)
    person, channel, place, joined_at = flat.reshape(-1, 4).T
    day = local_days(np.ascontiguousarray(joined_at), zone=zone)
    return Above(forest.invitee, forest.inviter, np.ascontiguousarray(person), channel, place, day)


def widen(code: CellCode, days: Ints) -> CellCode:
    """The code with room for these days, too."""
    if not len(days):
        return code
    first = min(code.first_day, int(days.min()))
    last = max(code.first_day + code.days, int(days.max()) + 1)
    return replace(code, first_day=first, days=last - first)
