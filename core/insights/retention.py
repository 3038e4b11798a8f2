"""Who buys again: by the local month of the first order, the months after."""

from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

from core.contacts.relations import people_who_left
from core.insights.days import Period, start_of, step_of, today
from core.insights.lake_query import query_lake
from core.lake.manifest import take_snapshot
from core.lake.roots import NOBODY

ALL_TIME_US = 1 << 62
LONGEST = 36
"""Months that are followed."""


@dataclass(frozen=True, slots=True)
class Month:
    """age: months after the first order's month, which is 0; buyers: who ordered in it; value: minor units."""

    age: int
    buyers: int
    orders: int
    value: int
    is_over: bool


@dataclass(slots=True)
class RetentionCohort:
    """month: months since 1970; repeaters: who has ordered more than once to this day; left: who had a
    relation with an account of the brand's (a WeCom friend, say) and has none now."""

    month: int
    buyers: int
    repeaters: int
    left: int = 0
    months: list[Month] = field(default_factory=list)


BOUGHT = f"""
WITH bought AS (
    SELECT contact, value, day, month FROM orders JOIN calendar ON ts // 900000000 = quarter WHERE contact <> {NOBODY}
),
firsts AS (
    SELECT contact, min(month) AS cohort, count(*) AS times FROM bought GROUP BY contact
    HAVING min(day) >= $first AND min(day) < $end
)
"""  # noqa: S608 -- a number of ours
SIZES = f"""{BOUGHT}
SELECT cohort, count(*), count(*) FILTER (times > 1) FROM firsts GROUP BY cohort ORDER BY cohort
"""  # noqa: S608 -- parts of ours
LEFT = f"""{BOUGHT}
SELECT cohort, count(*) FROM firsts JOIN gone USING (contact) GROUP BY cohort
"""  # noqa: S608 -- parts of ours
MONTHS = f"""{BOUGHT}
SELECT cohort, month - cohort AS age, count(DISTINCT contact), count(*), sum(value)::BIGINT
FROM bought JOIN firsts USING (contact) WHERE month - cohort <= {LONGEST} GROUP BY ALL
"""  # noqa: S608 -- parts of ours


def make_retention(session: Session, period: Period) -> list[RetentionCohort]:
    """Cohorts whose first order lies in the period; their later orders count to this day."""
    with query_lake(take_snapshot(session)) as query:
        query.add_calendar("orders", start_us=-ALL_TIME_US, end_us=ALL_TIME_US, zone=period.zone)
        cohorts = [RetentionCohort(*row) for row in query.rows(SIZES, first=period.first, end=period.end)]
        query.add("gone", {"contact": np.array(people_who_left(session), np.int64)})
        left = dict(query.rows(LEFT, first=period.first, end=period.end))
        found = query.rows(MONTHS, first=period.first, end=period.end)
    measures = {(cohort, age): (buyers, orders, value) for cohort, age, buyers, orders, value in found}
    now = today(period.zone)
    newest = max([step_of(now, "month"), *(month + age for month, age in measures)])
    for cohort in cohorts:
        cohort.left = left.get(cohort.month, 0)
        for age in range(min(newest - cohort.month, LONGEST) + 1):
            is_over = start_of(cohort.month + age + 1, "month") <= now
            cohort.months.append(Month(age, *measures.get((cohort.month, age), (0, 0, 0)), is_over))
    return cohorts
