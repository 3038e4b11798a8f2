"""The local day of an instant, for whole columns."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.attribution.journeys import DAY_US, Ints

EPOCH = date(1970, 1, 1)


FIRST_DAY, LAST_DAY = (date(1, 1, 3) - EPOCH).days, (date(9999, 12, 31) - EPOCH).days
NARROW = 20_000
"""Days between the first and the last instant up to which all of them are worked out; beyond, only those met."""


def local_days(ts: Ints, *, zone: str) -> Ints:
    """int64[n]: days since 1970-01-01 on the calendar of `zone`, for microseconds UTC; right across clock changes."""
    if not len(ts):
        return np.empty(0, np.int64)
    if zone == "UTC":
        return np.floor_divide(ts, DAY_US)
    days = _days_around(ts)
    place = ZoneInfo(zone)
    midnights = np.array([_midnight_us(day, place) for day in days.tolist()], np.int64)
    offset = midnights - days * DAY_US
    if bool((offset == offset[0]).all()):
        return np.floor_divide(ts - int(offset[0]), DAY_US)  # no clock change in sight: no search needed
    place_of: Ints = np.searchsorted(midnights, ts, "right") - 1
    return days[np.maximum(place_of, 0)]


def _days_around(ts: Ints) -> Ints:
    """int64[d], ascending: every day that may be the local day of one of these instants, anywhere on earth."""
    first, last = int(ts.min()) // DAY_US, int(ts.max()) // DAY_US
    if last - first <= NARROW:
        met = np.arange(first, last + 1, dtype=np.int64)
    else:
        met = np.unique(np.floor_divide(ts, DAY_US))
    around = np.unique(np.concatenate([met - 1, met, met + 1, met + 2]))
    return around[(around >= FIRST_DAY) & (around <= LAST_DAY)]


def day_text(day: int) -> str:
    """`2018-07-22` for days since 1970-01-01."""
    return (EPOCH + timedelta(days=day)).isoformat()


def _midnight_us(day: int, place: ZoneInfo) -> int:
    local = datetime.combine(EPOCH + timedelta(days=day), datetime.min.time(), place)
    return int((local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
