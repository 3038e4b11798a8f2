"""The friend of time: what each week's joiners have brought so far, how much of what they will bring that is, and
whether it is too early to judge them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from core import clock
from core.attribution.days import local_days
from core.attribution.journeys import DAY_US, Floats, Ints
from core.attribution.ripeness import ENOUGH, RIPE, ripe_shares, triangle_sums
from core.insights.buyers import JOINERS
from core.insights.days import Period, midnight_us, start_of, step_of, steps_of
from core.insights.lake_query import query_lake
from core.insights.people import people_now
from core.lake.manifest import take_snapshot

WEEK_US = 7 * DAY_US
LONGEST = 52
"""Weeks that are followed: what comes later does not count as eventual."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """monday: of the week in which they joined; first_orders: up to the end of each week of theirs that is over for all
    of them; ripe_share: how much of the eventual ones that is (None without history or a week that is over)."""

    monday: date
    joined: int
    first_orders: list[int]
    ripe_share: float | None

    @property
    def expected(self) -> float | None:
        """First orders within a year, if they go on as others did."""
        return self.first_orders[-1] / self.ripe_share if self.ripe_share and self.first_orders else None

    @property
    def is_too_early(self) -> bool:
        """Whether less than RIPE of it has come, or nobody can tell."""
        return self.ripe_share is None or self.ripe_share < RIPE


@dataclass(frozen=True, slots=True)
class Maturation:
    """cohorts: of the weeks of the period; shares: how much has come by the end of each week, from all cohorts."""

    cohorts: list[Cohort] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)


TRIANGLE = f"""
WITH {JOINERS}
SELECT week, first_lag // {WEEK_US} AS age, count(*)::BIGINT AS orders
FROM joiners WHERE first_lag < {LONGEST * WEEK_US} GROUP BY ALL
"""  # noqa: S608 -- parts of ours


def make_maturation(session: Session, period: Period) -> Maturation:
    """Weekly cohorts of the period; the history is of all cohorts there are."""
    people = people_now(session)
    if not len(people):
        return Maturation()
    week = steps_of(local_days(people.joined, zone=period.zone), "week")
    with query_lake(take_snapshot(session)) as query:
        query.add_people(people, week=week)
        found = query.columns(TRIANGLE)
    weeks, joined = np.unique(week, return_counts=True)
    counts = np.zeros((len(weeks), LONGEST), np.int64)
    counts[np.searchsorted(weeks, found["week"]), found["age"]] = found["orders"]
    watched = _weeks_over(weeks, period.zone)
    shares = _shares(counts, watched)
    first, last = step_of(period.from_day, "week"), step_of(period.to_day - timedelta(days=1), "week")
    rows = zip(weeks.tolist(), joined.tolist(), np.cumsum(counts, axis=1).tolist(), watched.tolist(), strict=True)
    return Maturation(
        [_cohort(week, size, row[:over], shares) for week, size, row, over in rows if first <= week <= last],
        shares.tolist(),
    )


def _cohort(week: int, joined: int, first_orders: list[int], shares: Floats) -> Cohort:
    over = len(first_orders)
    ripe_share = float(shares[over - 1]) if over and len(shares) else None
    return Cohort(start_of(week, "week"), joined, first_orders, ripe_share)


def _weeks_over(weeks: Ints, zone: str) -> Ints:
    """int64[c]: how many weeks since joining are over for everybody of a cohort, at most LONGEST."""
    now = clock.to_us(clock.now())
    ends = np.array([midnight_us(start_of(week + 1, "week"), zone) for week in weeks.tolist()], np.int64)
    return np.clip((now - ends) // WEEK_US, 0, LONGEST)


def _shares(counts: Ints, watched: Ints) -> Floats:
    """The share of eventual orders by the end of each week that any cohort has behind it; empty without history."""
    new, so_far = triangle_sums(counts, watched)
    length = int(watched.max())
    return ripe_shares(new[:length], so_far[:length]) if new.sum() >= ENOUGH else np.empty(0)
