"""RFM: buyers scored from 1 to 5 by how recently, how often and for how much they bought, and put into segments.

Source: A. M. Hughes, Strategic Database Marketing (1994). A score is 1 + floor(5 x buyers strictly below / buyers), so
equal buyers have equal scores, which cutting a sorted list into five does not promise.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.attribution.journeys import DAY_US
from core.insights.days import Period
from core.insights.lake_query import query_lake
from core.lake.manifest import take_snapshot
from core.lake.roots import NOBODY

ENOUGH = 50
"""With fewer buyers, fifths say little."""
Rule = Callable[[int, int, int], bool]
SEGMENTS: dict[str, Rule] = {
    "champions": lambda r, f, m: r >= 4 and f >= 4 and m >= 4,
    "loyal": lambda r, f, m: r >= 3 and f >= 3,
    "new": lambda r, f, m: r >= 4,
    "promising": lambda r, f, m: r == 3,
    "cannot_lose": lambda r, f, m: f >= 4 and m >= 4,
    "at_risk": lambda r, f, m: f >= 3,
    "hibernating": lambda r, f, m: True,
}
"""The first whose rule fits, by recency, frequency and monetary score."""


@dataclass(slots=True)
class Segment:
    """value: minor units."""

    key: str
    buyers: int = 0
    orders: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """What the buyers of one score of one measure have, from the least to the most: whole days since the last order,
    orders, or minor units."""

    measure: str
    score: int
    buyers: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rfm:
    """grid: (recency, frequency) scores and buyers."""

    buyers: int = 0
    orders: int = 0
    value: int = 0
    segments: list[Segment] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    grid: list[tuple[int, int, int]] = field(default_factory=list)


SCORED = f"""
WITH bought AS (
    SELECT contact, max(ts) AS last, count(*) AS orders, sum(value)::BIGINT AS value,
        ($until - max(ts)) // {DAY_US} AS days
    FROM orders WHERE ts >= $start AND ts < $until AND contact <> {NOBODY} GROUP BY contact
),
scored AS (
    SELECT orders, value, days,
        1 + 5 * (rank() OVER (ORDER BY last) - 1) // count(*) OVER () AS recency,
        1 + 5 * (rank() OVER (ORDER BY orders) - 1) // count(*) OVER () AS frequency,
        1 + 5 * (rank() OVER (ORDER BY value) - 1) // count(*) OVER () AS monetary
    FROM bought
)
"""  # noqa: S608 -- parts of ours
GROUPS = f"""{SCORED}
SELECT recency, frequency, monetary, count(*), sum(orders)::BIGINT, sum(value)::BIGINT FROM scored GROUP BY ALL
"""  # noqa: S608 -- parts of ours
SCORES = f"""{SCORED}
SELECT 'recency' AS measure, recency AS score, count(*), min(days), max(days) FROM scored GROUP BY ALL
UNION ALL SELECT 'frequency', frequency, count(*), min(orders), max(orders) FROM scored GROUP BY ALL
UNION ALL SELECT 'monetary', monetary, count(*), min(value), max(value) FROM scored GROUP BY ALL
ORDER BY measure DESC, score
"""  # noqa: S608 -- parts of ours


def make_rfm(session: Session, period: Period) -> Rfm:
    """The buyers of the period; recency is told at its end."""
    with query_lake(take_snapshot(session)) as query:
        groups = query.rows(GROUPS, start=period.start_us, until=period.end_us)
        scores = [Score(*row) for row in query.rows(SCORES, start=period.start_us, until=period.end_us)]
    segments = {key: Segment(key) for key in SEGMENTS}
    grid: dict[tuple[int, int], int] = {}
    for recency, frequency, monetary, buyers, orders, value in groups:
        segment = segments[segment_of(recency, frequency, monetary)]
        segment.buyers += buyers
        segment.orders += orders
        segment.value += value
        grid[recency, frequency] = grid.get((recency, frequency), 0) + buyers
    return Rfm(
        sum(one.buyers for one in segments.values()),
        sum(one.orders for one in segments.values()),
        sum(one.value for one in segments.values()),
        list(segments.values()) if groups else [],
        scores,
        [(*cell, buyers) for cell, buyers in sorted(grid.items())],
    )


def segment_of(recency: int, frequency: int, monetary: int) -> str:
    """The segment of three scores."""
    return next(key for key, fits in SEGMENTS.items() if fits(recency, frequency, monetary))
