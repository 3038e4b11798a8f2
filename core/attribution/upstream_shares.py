"""What the model `upstream` does with one order: for its receipt."""

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.catalog import rule_named
from core.attribution.execution import half_life_us
from core.attribution.journeys import Floats, Journeys
from core.attribution.models import AttributionRun
from core.attribution.sharing import per_touch, weighed
from core.attribution.upstream import share_out
from core.channels.service import direct_channel
from core.contacts.lookup import roots_of
from core.contacts.models import Contact
from core.referrals.service import chain_above


@dataclass(frozen=True, slots=True)
class RaisedShare:
    """The part of an order that an inviter gets, so many levels above its contact."""

    level: int
    inviter: Contact
    share: float


def raise_shares(
    session: Session, run: AttributionRun, journey: Journeys, *, contact: int
) -> tuple[Floats, list[RaisedShare]]:
    """float64[m] what stays with the order's own touches, and what inviters get; together they sum to one."""
    person = roots_of(session, [contact])[contact]
    chain = chain_above(session, person)[: run.upstream_depth]
    numbers = [edge.inviter for edge in chain]
    rows = session.scalars(sa.select(Contact).where(Contact.number.in_(numbers)))
    inviters = {row.number: row for row in rows}
    known = [inviters[n].origin_channel_number is not None and inviters[n].joined_at is not None for n in numbers]
    parts = share_out(np.ones((1, len(numbers)), np.bool_), np.array([known], np.bool_), share=run.upstream_share)[0]
    direct = direct_channel(session).number
    base = rule_named(run.upstream_base, half_life_us=half_life_us(run), direct=direct)
    own = per_touch(journey, weighed(journey, base.credits(journey))) * parts[0]
    raised = [
        RaisedShare(level, inviters[number], float(part))
        for level, (number, part) in enumerate(zip(numbers, parts[1:], strict=True), 1)
        if part > 0
    ]
    return own, raised
