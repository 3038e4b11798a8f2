"""Quiet hours: marketing goes out between 08:00 and 22:00 of the brand's day, or in a narrower window."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST, LATEST = time(8), time(22)


@dataclass(frozen=True)
class SendingHours:
    """A daily window of local time, inside what the rules of the field allow."""

    opens: time = EARLIEST
    closes: time = LATEST

    def next_open(self, now: datetime, timezone: str) -> datetime:
        """`now` if the window is open, else the instant it opens next (a day the clock changes included)."""
        zone = ZoneInfo(timezone)
        local = now.astimezone(zone)
        if self.opens <= local.time() < self.closes:
            return now
        day = local.date() if local.time() < self.opens else local.date() + timedelta(days=1)
        return datetime.combine(day, self.opens, zone).astimezone(now.tzinfo)
