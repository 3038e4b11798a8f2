"""The local day of an instant, for whole columns."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from core.attribution.journeys import DAY_US, Ints

EPOCH = date(1970, 1, 1)


FIRST_DAY, LAST_DAY = (date(1, 1, 3) - EPOCH).days, (date(9999, 12, 31) - EPOCH).days
NARROW = 20_000
"""Days between the first and the last instant up to which all of them are worked out; beyond, only those met."""
STRETCH = 64


def local_days(ts: Ints, *, zone: str) -> Ints:
    """int64[n]: days since 1970-01-01 on the calendar of `zone`, for microseconds UTC; right across clock changes."""
    if not len(ts):
        return np.empty(0, np.int64)
    if zone == "UTC":
        return np.floor_divide(ts, DAY_US)
    first, last = int(ts.min()) // DAY_US, int(ts.max()) // DAY_US
    if last - first <= NARROW:
        # Whole multiples of many days, so that the buckets of a run ask for the same calendar.
        calendar = _calendar(first // STRETCH * STRETCH, last // STRETCH * STRETCH + STRETCH, zone)
    else:
        calendar = _calendar_of(np.unique(np.floor_divide(ts, DAY_US)), zone)
    if calendar.offset is not None:
        return np.floor_divide(ts - calendar.offset, DAY_US)  # no clock change in sight: no search needed
    place: Ints = np.searchsorted(calendar.midnight, ts, "right") - 1
    return calendar.day[np.maximum(place, 0)]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """day: int64[d], ascending; midnight: int64[d], when each begins; offset: of all midnights, if they have one."""

    day: Ints
    midnight: Ints
    offset: int | None


@lru_cache(maxsize=64)
def _calendar(first: int, last: int, zone: str) -> _Calendar:
    return _calendar_of(np.arange(first, last + 1, dtype=np.int64), zone)


def _calendar_of(met: Ints, zone: str) -> _Calendar:
    """Every day that may be the local day of an instant on these days of UTC."""
    around = np.unique(np.concatenate([met - 1, met, met + 1, met + 2]))
    day = around[(around >= FIRST_DAY) & (around <= LAST_DAY)]
    place = ZoneInfo(zone)
    midnight = np.array([_midnight_us(one, place) for one in day.tolist()], np.int64)
    offset = midnight - day * DAY_US
    return _Calendar(day, midnight, int(offset[0]) if bool((offset == offset[0]).all()) else None)


def day_text(day: int) -> str:
    """`2018-07-22` for days since 1970-01-01."""
    return (EPOCH + timedelta(days=day)).isoformat()


def _midnight_us(day: int, place: ZoneInfo) -> int:
    local = datetime.combine(EPOCH + timedelta(days=day), datetime.min.time(), place)
    return int((local.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
