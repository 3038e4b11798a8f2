"""How many messages a channel's account may still send today, and how long an audience takes at that quota.

The quota is what the operator enters (`daily_quota` of a channel's settings): vendors set it for each account and tell
it nowhere. It is a forecast and no limit: what goes beyond is refused by the vendor and tried again later.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.deliveries.models import Delivery
from core.deliveries.states import FAILED, INTENDED, LEFT_THE_HOUSE
from core.tenants.service import tenant_now


@dataclass(frozen=True)
class Forecast:
    """used: messages that left today by the brand's clock; can_go: how many of `expected` fit into what is left;
    days: local days that all of them take, today included, 0 for none."""

    daily: int
    used: int
    expected: int
    can_go: int
    days: int


def forecast(session: Session, channel: int, settings: Mapping[str, JsonValue], expected: int) -> dict[str, int] | None:
    """What the quota lets through of so many more messages; None where no quota is entered."""
    daily = settings.get("daily_quota")
    if not isinstance(daily, int) or daily <= 0:
        return None
    return asdict(weigh(daily, count_today(session, channel), expected))


def weigh(daily: int, used: int, expected: int) -> Forecast:
    """The arithmetic of it."""
    can_go = min(max(daily - used, 0), expected)
    later = -((can_go - expected) // daily)
    return Forecast(daily, used, expected, can_go, later + 1 if expected else 0)


def count_today(session: Session, channel: int) -> int:
    """Messages of the channel that left the house, or may have, since the brand's midnight."""
    zone = ZoneInfo(tenant_now(session).timezone)
    midnight = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = sa.or_(
        Delivery.state.in_((*LEFT_THE_HOUSE, INTENDED)),
        sa.and_(Delivery.state == FAILED, Delivery.provider_id.is_not(None)),
    )
    query = sa.select(sa.func.count()).where(Delivery.channel_number == channel, Delivery.sent_at >= midnight, taken)
    return session.scalar(query) or 0
