"""Sales in waves after a launch: who buys at once, after questions, as late readers, after graduates, by their sharing.

The waves are stretches of local days since the launch; the operator draws their boundaries. What came before an order
is its last inbound touch, found as the attribution model `last` finds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from sqlalchemy.orm import Session

from core.attribution.days import local_days
from core.attribution.journeys import DAY_US, Ints
from core.channels.service import list_channels
from core.insights.days import day_number, midnight_us
from core.insights.lake_query import query_lake
from core.lake.facts import KIND_CODES, WEIGHTLESS
from core.lake.manifest import take_snapshot
from core.lake.roots import NOBODY
from core.tenants.service import tenant_now

WAVES = ("launch", "questions", "late_readers", "graduates", "sharing")
DEFAULT_ENDS = (1, 3, 7, 30, 90)
"""Days since the launch before which each wave ends."""
LOOKBACK_US = 90 * DAY_US
NO_KIND = -1
KIND_NAMES = {code: name for name, code in KIND_CODES.items()} | {NO_KIND: ""}


@dataclass(slots=True)
class Trigger:
    """kind, key, name: of the last touch before these orders and its channel; all empty where there was none."""

    kind: str
    key: str
    name: str
    orders: int
    value: int


@dataclass(slots=True)
class Wave:
    """Local days [from_day, to_day); first_orders: of contacts who had none before; value: minor units."""

    key: str
    from_day: date
    to_day: date
    orders: int = 0
    buyers: int = 0
    first_orders: int = 0
    value: int = 0
    triggers: list[Trigger] = field(default_factory=list)
    days: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Orders and value by days since the launch, where there are any."""


PLACE = """
CREATE TEMP TABLE placed AS
WITH sold AS (
    SELECT *, lag(ts) OVER (PARTITION BY contact ORDER BY ts, seq) AS previous FROM orders
)
SELECT sold.*, wave FROM sold JOIN waves ON ts >= start_us AND ts < until_us
"""
SUMS = f"""
SELECT wave, count(*), count(DISTINCT contact) FILTER (contact <> {NOBODY}),
    count(*) FILTER (previous IS NULL AND contact <> {NOBODY}), sum(value)::BIGINT
FROM placed GROUP BY wave
"""  # noqa: S608 -- a number of ours
DAYS = "SELECT wave, ts, value FROM placed"
TRIGGERS = f"""
WITH met AS (
    SELECT wave, value, kind, touches.channel
    FROM placed LEFT JOIN touches ON touches.contact = placed.contact
        AND touches.ts <= placed.ts AND touches.ts >= placed.ts - {LOOKBACK_US}
        AND (previous IS NULL OR touches.ts > previous) AND kind NOT IN {WEIGHTLESS}
    QUALIFY 1 = row_number() OVER (
        PARTITION BY placed.contact, placed.ts, placed.seq ORDER BY touches.ts DESC, touches.seq DESC
    )
)
SELECT wave, coalesce(kind, {NO_KIND}) AS kind, coalesce(channel, 0) AS channel, count(*), sum(value)::BIGINT
FROM met GROUP BY ALL ORDER BY 4 DESC, 5 DESC, 2, 3
"""  # noqa: S608 -- numbers of ours


def make_waves(session: Session, *, launch: date, ends: Sequence[int] = DEFAULT_ENDS) -> list[Wave]:
    """The five waves of a launch. ends: days since the launch, ascending, one for each wave."""
    zone = tenant_now(session).timezone
    edges = [launch + timedelta(days=days) for days in (0, *ends)]
    waves = [Wave(key, *pair) for key, pair in zip(WAVES, pairwise(edges), strict=True)]
    instants = np.array([midnight_us(day, zone) for day in edges], np.int64)
    names = {channel.number: (str(channel.id), channel.name) for channel in list_channels(session)}
    with query_lake(take_snapshot(session)) as query:
        query.add("waves", {"wave": np.arange(len(waves)), "start_us": instants[:-1], "until_us": instants[1:]})
        query.rows(PLACE)
        for wave, *sums in query.rows(SUMS):
            waves[wave].orders, waves[wave].buyers, waves[wave].first_orders, waves[wave].value = sums
        for wave, kind, channel, orders, value in query.rows(TRIGGERS):
            waves[wave].triggers.append(Trigger(KIND_NAMES[kind], *names.get(channel, ("", "")), orders, value))
        sold = query.columns(DAYS)
    _add_days(waves, sold, local_days(sold["ts"], zone=zone) - day_number(launch))
    return waves


def _add_days(waves: Sequence[Wave], sold: Mapping[str, Ints], since: Ints) -> None:
    """since: int64[n] days since the launch of each order."""
    for wave, value, day in zip(sold["wave"].tolist(), sold["value"].tolist(), since.tolist(), strict=True):
        orders, total = waves[wave].days.get(day, (0, 0))
        waves[wave].days[day] = (orders + 1, total + value)
