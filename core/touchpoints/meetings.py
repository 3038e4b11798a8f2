"""What a placement's own page says of it: clicks and scans by people, and the contacts that joined by it."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.placements.stats import Met, counts_meetings
from core.touchpoints.models import Touchpoint


@counts_meetings
def count_meetings(session: Session, placements: Collection[int]) -> Mapping[int, Met]:
    """Counts by placement number; a merged contact is counted once, at its root."""
    hits: dict[int, dict[str, int]] = defaultdict(dict)
    query = (
        sa.select(Touchpoint.placement_number, Touchpoint.kind, sa.func.count())
        .where(Touchpoint.placement_number.in_(placements), Touchpoint.kind.in_(("click", "scan")))
        .where(Touchpoint.is_bot.is_(False))
        .group_by(Touchpoint.placement_number, Touchpoint.kind)
    )
    for placement, kind, count in session.execute(query):
        if placement is not None:
            hits[placement][kind] = count
    joined = joined_by_placement(session, placements)
    return {
        number: Met(hits[number].get("click", 0), hits[number].get("scan", 0), joined.get(number, 0))
        for number in placements
    }


def joined_by_placement(session: Session, placements: Collection[int]) -> dict[int, int]:
    """How many contacts joined by each placement: the divisor of cost per contact."""
    query = (
        sa.select(Contact.origin_placement_number, sa.func.count())
        .where(Contact.origin_placement_number.in_(placements))
        .where(Contact.merged_into.is_(None), Contact.joined_at.is_not(None))
        .group_by(Contact.origin_placement_number)
    )
    return {number: count for number, count in session.execute(query) if number is not None}
