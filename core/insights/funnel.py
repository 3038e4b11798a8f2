"""Joined, first order, repeat: how many of those who joined in a window came how far, and how long it took."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.attribution.days import local_days
from core.attribution.journeys import DAY_US
from core.insights.buyers import JOINERS
from core.insights.days import Period
from core.insights.lake_query import query_lake
from core.insights.naming import Dimension, group_by
from core.insights.people import people_now
from core.lake.manifest import take_snapshot


@dataclass(frozen=True, slots=True)
class Steps:
    """Contacts at each step, and the median days between steps (None without anybody)."""

    key: str
    name: str
    joined: int
    first_order: int
    repeat: int
    days_to_first: float | None
    days_to_repeat: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """total: of everybody; rows: by origin, those who brought most people first, unknown origin last."""

    total: Steps
    rows: list[Steps]


STEPS = f"""
WITH {JOINERS}
SELECT code, count(*), count(orders), count(*) FILTER (orders > 1),
    quantile_cont(first_lag, 0.5), quantile_cont(second_lag, 0.5)
FROM joiners
GROUP BY GROUPING SETS ((code), ())
"""  # noqa: S608 -- parts of ours


def make_funnel(session: Session, period: Period, *, by: Dimension = "channel") -> Funnel:
    """Of the contacts who joined in the period; their orders count to this day, wherever they were placed."""
    grouping = group_by(session, by)
    people = people_now(session).joined_in(period.start_us, period.end_us)
    codes = grouping.code(people.channel, people.placement, local_days(people.joined, zone=period.zone))
    with query_lake(take_snapshot(session)) as query:
        query.add_people(people, code=codes)
        found = query.rows(STEPS)
    total, rows = _steps("", "", (0, 0, 0, None, None)), []
    for code, *measures in found:
        if code is None:
            total = _steps("", "", measures)
        else:
            rows.append(_steps(*grouping.name(code), measures))
    rows.sort(key=lambda row: (not row.key, -row.joined, row.name))
    return Funnel(total, rows)


def _steps(key: str, name: str, measures: Any) -> Steps:
    joined, first_order, repeat, first, second = measures
    return Steps(key, name, joined, first_order, repeat, _in_days(first), _in_days(second))


def _in_days(lag_us: float | None) -> float | None:
    return None if lag_us is None else lag_us / DAY_US
