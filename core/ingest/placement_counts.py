"""What touchpoints and contacts tell of placements, for their figures."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.placements.stats import Met, counts_meetings
from core.touchpoints.models import Touchpoint


@counts_meetings
def count_meetings(session: Session, numbers: Collection[int]) -> Mapping[int, Met]:
    """People's clicks and scans by placement, and the contacts whose origin it is."""
    hits = sa.select(
        Touchpoint.placement_number,
        sa.func.count().filter(Touchpoint.kind == "click").label("clicks"),
        sa.func.count().filter(Touchpoint.kind == "scan").label("scans"),
        sa.func.count().filter(Touchpoint.kind == "redeem").label("claims"),
    ).where(
        Touchpoint.placement_number.in_(numbers),
        Touchpoint.kind.in_(("click", "scan", "redeem")),
        Touchpoint.is_bot.is_(False),
    )
    met = {
        row.placement_number: Met(row.clicks, row.scans, claims=row.claims)
        for row in session.execute(hits.group_by(Touchpoint.placement_number))
    }
    joined = sa.select(Contact.origin_placement_number.label("placement"), sa.func.count().label("contacts")).where(
        Contact.origin_placement_number.in_(numbers), Contact.joined_at.is_not(None), Contact.merged_into.is_(None)
    )
    contacts = {row.placement: row.contacts for row in session.execute(joined.group_by("placement"))}
    return {
        number: replace(met.get(number, Met()), contacts=contacts.get(number, 0))
        for number in met.keys() | contacts.keys()
    }
