"""Which deliveries to ask the provider about, and when: often at first, then ever more rarely.

A delivered message is asked about for a while, too, because replies and opt-outs come back on the same way.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.deliveries.models import Delivery
from core.deliveries.states import ACCEPTED, DELIVERED, UNKNOWN

GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 90, 6 * 60, 24 * 60, 72 * 60))
"""How long after a message was sent it is asked about, time by time."""

REPLIES_UNTIL = 4
"""A delivered message is asked about only so many times."""


def due_for_asking(session: Session, *, channel: int | None = None, limit: int = 200) -> list[Delivery]:
    """Deliveries whose next question is due; of one channel, or of all."""
    now = clock.now()
    due = sa.or_(*(sa.and_(Delivery.asks == asks, Delivery.sent_at <= now - gap) for asks, gap in enumerate(GAPS)))
    open_ones = sa.or_(
        Delivery.state.in_((ACCEPTED, UNKNOWN)), sa.and_(Delivery.state == DELIVERED, Delivery.asks < REPLIES_UNTIL)
    )
    query = sa.select(Delivery).where(open_ones, due, Delivery.sent_at >= now - GAPS[-1] * 2)
    if channel is not None:
        query = query.where(Delivery.channel_number == channel)
    return list(session.scalars(query.order_by(Delivery.sent_at).limit(limit)))


def note_asked(rows: list[Delivery]) -> None:
    """Count the question; gaps that have passed meanwhile are not made up for."""
    now = clock.now()
    for row in rows:
        age = now - row.sent_at if row.sent_at else GAPS[-1]
        row.asks = max(row.asks + 1, sum(gap <= age for gap in GAPS))
