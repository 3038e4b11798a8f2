"""Days out of running totals: what was counted on each day, from readings that come late, twice, or not at all. Pure.

A platform's counter only grows, except when it takes back what it counted wrongly. So a total that is read later and is
lower says that the earlier ones were too high: each day's total is the least of those read on it and after it. Days
without a reading share what was counted over them evenly. A day's own figure, where the platform gives one, stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_GAP = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one day: the running total at its end, what was added on it alone, or both."""

    day: date
    total: int | None = None
    added: int | None = None


def count_days(readings: Sequence[Reading], *, since: date) -> dict[date, int]:
    """What was counted on each day; `since` is the day it was put out, when the counter stood at nothing.

    The order of the readings does not matter; days on which nothing was counted may be left out.
    """
    own = {reading.day: reading.added for reading in readings if reading.added is not None}
    days = dict(own)
    before, reached = since - timedelta(days=1), 0
    for day, total in _settled_totals(readings):
        gap = _days_between(before, day)
        known = [own[one] for one in gap if one in own]
        open_days = [one for one in gap if one not in own]
        rest = max(total - reached - sum(known), 0)
        for one, share in zip(open_days, _spread(rest, len(open_days)), strict=True):
            days[one] = share
        before, reached = day, total
    return {day: count for day, count in sorted(days.items()) if count}


def _settled_totals(readings: Sequence[Reading]) -> list[tuple[date, int]]:
    """The totals by day, none above a later one."""
    settled: list[tuple[date, int]] = []
    for day, total in sorted(((r.day, r.total) for r in readings if r.total is not None), reverse=True):
        settled.append((day, min(total, settled[-1][1]) if settled else total))
    return settled[::-1]


def _days_between(before: date, day: date) -> list[date]:
    """The days after `before` up to `day`; only `day` where the first reading is older, or the gap too long."""
    count = (day - before).days
    if not 0 < count <= LONGEST_GAP:
        return [day]
    return [before + timedelta(days=offset) for offset in range(1, count + 1)]


def _spread(count: int, parts: int) -> list[int]:
    """Whole shares that sum to the count; the later days, nearer to the reading, are the larger."""
    if not parts:
        return []
    share, rest = divmod(count, parts)
    return [share + (index >= parts - rest) for index in range(parts)]
