"""Funnel, lag, maturation and retention against loops over the facts."""

import statistics
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest

from core.attribution.ripeness import RIPE
from tests.clients import RoleClient
from tests.core.insights.made_market import (
    NOW,
    WINDOW,
    Facts,
    Sale,
    ask,
    inside,
    lags_of,
    local_day,
    monday,
)

DAY = timedelta(days=1)


def in_days(lags: list[timedelta]) -> float | None:
    return statistics.median(lag / timedelta(microseconds=1) for lag in lags) / 86_400_000_000 if lags else None


def first_lag(facts: Facts, number: int) -> timedelta | None:
    sales = facts.sales_of(number)
    return max(sales[0].at - facts.people[number].joined, timedelta()) if sales else None


def test_funnel_equals_a_plain_count(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "funnel", **WINDOW)
    joiners = market.joiners()
    for row in [shown["total"], *shown["rows"]]:
        mine = [
            n for n, one in joiners.items() if row is shown["total"] or one.channel == row["name"] or not row["key"]
        ]
        if not row["key"] and row is not shown["total"]:
            mine = [n for n, one in joiners.items() if not one.channel]
        sales = {n: market.sales_of(n) for n in mine}
        firsts = [lag for n in mine if (lag := first_lag(market, n)) is not None]
        assert (row["joined"], row["first_order"]) == (len(mine), len(firsts))
        assert row["repeat"] == sum(len(some) > 1 for some in sales.values())
        assert row["days_to_first"] == in_days(firsts)
        assert row["days_to_repeat"] == in_days([lags_of(some)[0] for some in sales.values() if len(some) > 1])
    assert sum(row["joined"] for row in shown["rows"]) == shown["total"]["joined"] == len(joiners) > 20


def test_lag_curve_equals_a_plain_count(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "lag", **WINDOW)
    ages = {n: NOW - one.joined for n, one in market.joiners().items()}
    lags = {n: lag for n in ages if (lag := first_lag(market, n)) is not None}
    assert (shown["joined"], shown["orders"], shown["median_days"]) == (len(ages), len(lags), in_days([*lags.values()]))
    assert shown["days"][-1]["share"] == 1
    for row in shown["days"]:
        assert row["orders"] == sum(lag // DAY == row["day"] for lag in lags.values())
        assert row["share"] == sum(lag // DAY <= row["day"] for lag in lags.values()) / len(lags)


def test_ripe_share_goes_back_from_the_oldest(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "lag", **{"from": "2026-01-01", "to": "2026-06-10"})
    people = market.joiners({"from": "2026-01-01", "to": "2026-06-10"})
    lags = {
        n: (lag // DAY, (NOW - people[n].joined) // DAY) for n in people if (lag := first_lag(market, n)) is not None
    }
    assert len(lags) >= 30
    oldest = max((NOW - one.joined) // DAY for one in people.values())
    share, expected = 1.0, {}
    for day in range(oldest - 1, -1, -1):
        expected[day] = share
        watched = [lag for lag, age in lags.values() if age > day]
        so_far = sum(lag <= day for lag in watched)
        share *= 1 - sum(lag == day for lag in watched) / so_far if so_far else 1
    for row in shown["days"]:
        assert row["ripe_share"] == pytest.approx(expected[row["day"]], rel=1e-12)


def test_cohorts_equal_a_plain_count(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "maturation", **WINDOW)
    by_week: dict[date, list[int]] = defaultdict(list)
    for number, one in market.people.items():
        by_week[monday(one.joined)].append(number)
    last = date(2026, 5, 9) - timedelta(days=5)
    assert [row["week"] for row in shown["cohorts"]] == [
        week.isoformat() for week in sorted(by_week) if date(2026, 1, 19) <= week <= last
    ]
    for row in shown["cohorts"]:
        mine = by_week[date.fromisoformat(row["week"])]
        lags = [lag for n in mine if (lag := first_lag(market, n)) is not None]
        weeks = weeks_over(date.fromisoformat(row["week"]))
        assert row["joined"] == len(mine)
        assert row["first_orders"] == [sum(lag < (age + 1) * 7 * DAY for lag in lags) for age in range(weeks)]
        assert row["ripe_share"] == shown["ripe_shares"][weeks - 1]
        assert row["expected"] == row["first_orders"][-1] / row["ripe_share"]
        assert row["is_too_early"] == (row["ripe_share"] < RIPE)
    assert {row["is_too_early"] for row in shown["cohorts"]} == {True, False}


def weeks_over(week: date) -> int:
    midnight = next(
        at
        for hour in range(-3, 3)
        if local_day(at := datetime(week.year, week.month, week.day, tzinfo=NOW.tzinfo) + timedelta(days=7, hours=hour))
        == week + timedelta(days=7)
    )
    return int((NOW - midnight) / timedelta(days=7))


def test_retention_equals_a_plain_count(market: Facts, shop: RoleClient) -> None:
    shown = ask(shop, "retention", **WINDOW)
    cohorts: dict[str, dict[int, list[Sale]]] = defaultdict(dict)
    for number in {sale.contact for sale in market.sales}:
        sales = market.sales_of(number)
        if inside(sales[0].at):
            cohorts[local_day(sales[0].at).replace(day=1).isoformat()][number] = sales
    assert [row["month"] for row in shown["cohorts"]] == sorted(cohorts)
    for row in shown["cohorts"]:
        mine = cohorts[row["month"]]
        first = date.fromisoformat(row["month"])
        assert (row["buyers"], row["repeaters"]) == (len(mine), sum(len(sales) > 1 for sales in mine.values()))
        assert len(row["months"]) == 6 - first.month + 1
        for month in row["months"]:
            of_month = [
                s for sales in mine.values() for s in sales if local_day(s.at).month == first.month + month["age"]
            ]
            assert (month["buyers"], month["orders"]) == (len({s.contact for s in of_month}), len(of_month))
            assert month["revenue"] == f"{sum(s.value for s in of_month) / 100:.2f}"
            assert month["is_over"] == (first.month + month["age"] < 6)
