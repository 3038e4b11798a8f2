"""The brand's calendar: local midnights, days since 1970, weeks that begin on Monday, months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from core import clock
from core.attribution.days import EPOCH
from core.attribution.journeys import Ints

QUARTER_US = 900_000_000
"""No time zone's midnight lies inside a quarter of an hour, so facts are grouped by quarters before they get days."""

Step = Literal["day", "week", "month"]
FIRST_MONDAY = 4
"""1970-01-05 as days since 1970."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days [from_day, to_day) of a zone."""

    from_day: date
    to_day: date
    zone: str

    @property
    def first(self) -> int:
        """The first day as days since 1970."""
        return day_number(self.from_day)

    @property
    def end(self) -> int:
        """The day after the last one."""
        return day_number(self.to_day)

    @property
    def start_us(self) -> int:
        """Its first instant, microseconds UTC."""
        return midnight_us(self.from_day, self.zone)

    @property
    def end_us(self) -> int:
        """The first instant after it."""
        return midnight_us(self.to_day, self.zone)

    def before(self) -> "Period":
        """As many days just before it."""
        return Period(self.from_day - (self.to_day - self.from_day), self.from_day, self.zone)

    def with_before(self) -> "Period":
        """Both together."""
        return Period(self.before().from_day, self.to_day, self.zone)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The day of a number."""
    return EPOCH + timedelta(days=number)


def midnight_us(day: date, zone: str) -> int:
    """The instant at which a local day begins."""
    return clock.to_us(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC))


def today(zone: str) -> date:
    """The local day of this moment."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


def steps_of(days: Ints, step: Step) -> Ints:
    """int64[n]: the day, week (since the first Monday) or month (since 1970-01) of days since 1970."""
    if step == "day":
        return days
    if step == "week":
        return (days - FIRST_MONDAY) // 7
    months: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def step_of(day: date, step: Step) -> int:
    """The same for one day."""
    return int(steps_of(np.array([day_number(day)], np.int64), step)[0])


def start_of(number: int, step: Step) -> date:
    """The first day of a day, week or month of this number."""
    if step == "month":
        years, rest = divmod(number, 12)
        return date(1970 + years, rest + 1, 1)
    return day_of(number if step == "day" else FIRST_MONDAY + 7 * number)
