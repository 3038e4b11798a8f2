"""What running campaigns still have to send on a channel before the brand's midnight."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.campaigns.models import Campaign
from core.campaigns.sending import next_open
from core.deliveries.models import Delivery
from core.deliveries.states import PLANNED
from core.segments.service import count_people, filter_of
from core.tenants.service import tenant_now


@dataclass(frozen=True)
class Waiting:
    """One campaign: from when on it may send, and how many messages it and those before it have, at most."""

    campaign: str
    at: datetime
    upto: int


def waiting_today(session: Session, channel: int) -> list[Waiting]:
    """The running campaigns of a channel that may still send today, in the order in which they may begin."""
    running = session.scalars(
        sa.select(Campaign).where(Campaign.channel_number == channel, Campaign.state == "running")
    )
    zone = ZoneInfo(tenant_now(session).timezone)
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    begins = [(next_open(session, one), one) for one in running]
    found: list[Waiting] = []
    upto = 0
    for at, campaign in sorted(begins, key=lambda begin: (begin[0], begin[1].number)):
        if at.astimezone(zone).date() >= tomorrow:
            continue
        upto += _left(session, campaign)
        found.append(Waiting(campaign.name, at, upto))
    return found


def _left(session: Session, campaign: Campaign) -> int:
    """Deliveries that are planned, and people whom the campaign has not walked to yet."""
    counts = sa.select(sa.func.count(), sa.func.sum(sa.case((Delivery.state == PLANNED, 1), else_=0))).where(
        Delivery.campaign_number == campaign.number
    )
    made, planned = session.execute(counts).one()
    unwalked = 0 if campaign.planned_all else max(count_people(session, filter_of(campaign.audience)) - made, 0)
    return int(planned or 0) + unwalked
