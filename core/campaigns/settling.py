"""Closing by hand what no receipt and no look-up told: an operator has asked the provider what became of messages."""

from collections.abc import Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.campaigns.models import Campaign
from core.deliveries import service as deliveries
from core.deliveries.models import Delivery
from core.deliveries.service import Report
from core.deliveries.states import UNKNOWN
from core.touchpoints.service import record

BY_HAND = "by_hand"


def settle_by_hand(
    session: Session, campaign: Campaign, *, numbers: Sequence[int], outcome: Literal["accepted", "failed"]
) -> int:
    """Say of unknown deliveries that they left, or did not; the others named are left as they are.

    Nothing is sent because of this. Returns how many moved.
    """
    query = sa.select(Delivery.number).where(
        Delivery.campaign_number == campaign.number, Delivery.state == UNKNOWN, Delivery.number.in_(numbers)
    )
    reports = [Report(number, outcome, BY_HAND) for number in session.scalars(query)]
    moved = deliveries.settle(session, campaign.channel_number, reports)
    record(session, deliveries.touches_of(moved, reports))
    return len(moved)
