"""The local day of an instant, for whole columns."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.attribution.journeys import DAY_US, Ints

EPOCH = date(1970, 1, 1)


def local_days(ts: Ints, *, zone: str) -> Ints:
    """int64[n]: days since 1970-01-01 on the calendar of `zone`, for microseconds UTC; right across clock changes."""
    if not len(ts):
        return np.empty(0, np.int64)
    if zone == "UTC":
        return np.floor_divide(ts, DAY_US)
    first = int(ts.min()) // DAY_US - 1
    last = int(ts.max()) // DAY_US + 2
    place = ZoneInfo(zone)
    midnights = np.array([_midnight_us(day, place) for day in range(first, last)], np.int64)
    return np.searchsorted(midnights, ts, "right").astype(np.int64) - 1 + first


def day_text(day: int) -> str:
    """`2018-07-22` for days since 1970-01-01."""
    return (EPOCH + timedelta(days=day)).isoformat()


def _midnight_us(day: int, place: ZoneInfo) -> int:
    local = datetime.combine(EPOCH + timedelta(days=day), datetime.min.time(), place)
    return int((local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
