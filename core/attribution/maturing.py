"""When credit comes: the lag from a touch to the order it led to, and how much of what touches will bring has come.

The share of eventual credit by age is estimated as in ripeness.py, from all pairs of a touch and an order it led to;
an age is whole spans of 24 hours since the end of the touch's local day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from core import clock
from core.attribution.days import EPOCH
from core.attribution.journeys import DAY_US, Floats, Ints, Journeys
from core.attribution.ripeness import ENOUGH, RIPE, ripe_shares
from core.attribution.sums import Places, Sums

LAGS = "lags"


@dataclass(frozen=True, slots=True)
class LagCode:
    """One integer for the local day of a touch and the whole days from it to the order. days: cells of a day repeat
    after so many; longest: days of lookback."""

    days: int
    longest: int

    def count(self, journeys: Journeys) -> Sums:
        """Pairs of a touch and an order it led to (count), by code."""
        lag = (journeys.spread(journeys.ordered_at) - journeys.at) // DAY_US
        places = Places.of(journeys.cell % self.days * (self.longest + 1) + lag)
        return places.sums([places.times()], [])


@dataclass(frozen=True, slots=True)
class Maturing:
    """shares: float64[k] of eventual credit that has come when so many days are over, one more than its place;
    watched: int64[d], how many are over for touches of each local day from `first_day` (days since 1970) on; those
    of earlier days have all come."""

    shares: Floats
    first_day: int
    watched: Ints

    def of_days(self, day: Ints) -> Floats:
        """float64[n]: how much of the credit of touches on these days has come. The first 24 hours of a day that is
        younger count as over."""
        watched = np.append(self.watched, len(self.shares))
        since = np.where(day < self.first_day, len(self.watched), np.minimum(day - self.first_day, len(watched) - 2))
        share: Floats = self.shares[np.clip(watched[since], 1, len(self.shares)) - 1]
        return share

    def of_credit(self, day: Ints, credit: Floats) -> float | None:
        """The share of expected credit that has come: what there is over what each day's will become. None without
        credit; 0 with credit of a day of which none comes so soon."""
        seen, share = float(credit.sum()), self.of_days(day)
        if np.any((share <= 0) & (credit > 0)):
            return 0.0
        expected = np.divide(credit, share, out=np.zeros(len(share)), where=share > 0)
        return seen / float(expected.sum()) if seen > 0 else None


def is_too_early(share: float | None) -> bool:
    """Whether less than RIPE has come."""
    return share is not None and share < RIPE


def find_maturing(lags: Sums, *, code: LagCode, first_day: int, watched: Ints) -> Maturing | None:
    """From the pairs there are; None when they are too few to tell. first_day: of the code; watched: int64[days]."""
    day, lag = np.divmod(lags.key, code.longest + 1)
    pairs, age = lags.counts[0], np.minimum(watched[day], code.longest + 1)
    known = lag < age
    if int(pairs[known].sum()) < ENOUGH:
        return None
    length = int(age.max())
    new, so_far = np.zeros(length + 1, np.int64), np.zeros(length + 1, np.int64)
    np.add.at(new, lag[known], pairs[known])
    # A pair counts from its own lag on, as long as its day has been watched.
    np.add.at(so_far, lag[known], pairs[known])
    np.add.at(so_far, age[known], -pairs[known])
    shares = ripe_shares(new[:length], np.cumsum(so_far)[:length])
    young = np.flatnonzero(watched < length)
    begin = int(young[0]) if len(young) else len(watched)
    return Maturing(shares, first_day + begin, watched[begin:])


def days_watched(first_day: int, days: int, *, zone: str, until_us: int) -> Ints:
    """int64[days]: whole spans of 24 hours from the end of each local day to `until_us`."""
    place = ZoneInfo(zone)
    ends = [_midnight_us(EPOCH + timedelta(days=first_day + day + 1), place) for day in range(days)]
    return np.maximum((until_us - np.array(ends, np.int64)) // DAY_US, 0)


def _midnight_us(day: date, place: ZoneInfo) -> int:
    return clock.to_us(datetime.combine(day, datetime.min.time(), place).astimezone(UTC))


def kept_maturing(found: Maturing | None, lags: Sums, *, code: LagCode, first_day: int) -> dict[str, object]:
    """As it is kept with a run, with the share of all credit that has come."""
    if found is None:
        return {}
    share = found.of_credit(lags.key // (code.longest + 1) + first_day, lags.counts[0].astype(np.float64))
    return {
        "shares": found.shares.tolist(),
        "first_day": found.first_day,
        "watched": found.watched.tolist(),
        "share": share,
    }


def read_maturing(kept: Mapping[str, Any]) -> Maturing | None:
    """What was kept."""
    if not kept:
        return None
    shares, watched = np.array(kept["shares"], np.float64), np.array(kept["watched"], np.int64)
    return Maturing(shares, int(kept["first_day"]), watched)
