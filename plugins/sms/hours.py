"""When a marketing text may reach a phone in mainland China: from 08:00 to 22:00, whatever the campaign says."""

from datetime import datetime, timedelta

from core.sdk.moments import CHINA

OPENS, CLOSES = 8, 22


def seconds_until_open(at: datetime) -> float:
    """0 inside the window, else the seconds until it opens next."""
    local = at.astimezone(CHINA)
    if OPENS <= local.hour < CLOSES:
        return 0.0
    day = local if local.hour < OPENS else local + timedelta(days=1)
    return (day.replace(hour=OPENS, minute=0, second=0, microsecond=0) - local).total_seconds()
