"""How long people take from joining to their first order."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from core import clock
from core.attribution.journeys import DAY_US, Floats, Ints
from core.attribution.ripeness import ENOUGH, ripe_shares
from core.insights.buyers import JOINERS
from core.insights.days import Period
from core.insights.lake_query import query_lake
from core.insights.people import people_now
from core.lake.manifest import take_snapshot

LONGEST = 365
"""Days that are told apart; later orders count in `orders` and the median only."""


@dataclass(frozen=True, slots=True)
class LagDay:
    """orders: first orders from `day` to before `day` + 1 times 24 hours after joining; share: of all first orders, up
    to and with this day; ripe_share: of those that will come at all (None without enough history)."""

    day: int
    orders: int
    share: float
    ripe_share: float | None


@dataclass(frozen=True, slots=True)
class Lag:
    """joined, orders: contacts who joined, and their first orders; median_days: of those there are."""

    joined: int
    orders: int
    median_days: float | None
    days: list[LagDay]


LAGS = f"""
WITH {JOINERS}
SELECT least(first_lag // {DAY_US}, {LONGEST + 1})::BIGINT AS lag,
    greatest(least(($now - joined) // {DAY_US}, {LONGEST + 1}), 0)::BIGINT AS age,
    count(*)::BIGINT AS orders
FROM joiners WHERE first_lag IS NOT NULL GROUP BY ALL
"""  # noqa: S608 -- parts of ours
MEDIAN = f"WITH {JOINERS} SELECT quantile_cont(first_lag, 0.5) FROM joiners"  # noqa: S608 -- parts of ours


def make_lag(session: Session, period: Period) -> Lag:
    """Of the contacts who joined in the period; their orders count to this day."""
    people = people_now(session).joined_in(period.start_us, period.end_us)
    now = clock.to_us(clock.now())
    with query_lake(take_snapshot(session)) as query:
        query.add_people(people)
        found = query.columns(LAGS, now=now)
        median = query.rows(MEDIAN)[0][0]
    counts = np.zeros((LONGEST + 2, LONGEST + 2), np.int64)
    counts[found["lag"], found["age"]] = found["orders"]
    total = int(counts.sum())
    watched = int(min((now - people.joined.min()) // DAY_US, LONGEST)) if len(people) else 0
    median_days = None if median is None else median / DAY_US
    return Lag(len(people), total, median_days, _curve(counts, total, watched) if total else [])


def ripe_curve(counts: Ints, *, watched: int) -> Floats:
    """float64[watched]: the share of eventual first orders that comes up to and with each day.

    Args:
        counts: int64[lag, age] first orders by whole days since joining and by how many days were watched.
        watched: whole days since the first joining.
    """
    new = np.array([counts[day, day + 1 :].sum() for day in range(watched)], np.int64)
    so_far = np.array([counts[: day + 1, day + 1 :].sum() for day in range(watched)], np.int64)
    return ripe_shares(new, so_far)


def _curve(counts: Ints, total: int, watched: int) -> list[LagDay]:
    orders = counts.sum(axis=1)[:-1]
    ripe = ripe_curve(counts, watched=watched).tolist() if total >= ENOUGH else []
    last = int(np.flatnonzero(orders).max(initial=0))
    shares = (np.cumsum(orders) / total).tolist()
    return [
        LagDay(day, int(orders[day]), shares[day], ripe[day] if day < len(ripe) else None) for day in range(last + 1)
    ]
