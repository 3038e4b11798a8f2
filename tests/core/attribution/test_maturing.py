"""Whether it is too early to judge: the share of eventual credit that has come, against a slow twin and known truth."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.attribution.cautions import cautions_of_line
from core.attribution.journeys import DAY_US, Ints, Journeys, starts_of
from core.attribution.maturing import (
    LagCode,
    Maturing,
    days_watched,
    find_maturing,
    is_too_early,
    kept_maturing,
    read_maturing,
)

LONGEST = 6
pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, LONGEST)), min_size=40, max_size=60)


def journeys_of(found: list[tuple[int, int]]) -> Journeys:
    """One touch each, at noon of its day; an order so many days later."""
    day, lag = (np.array(column, np.int64) for column in zip(*found, strict=True))
    one = np.ones(len(day), np.int64)
    at = day * DAY_US + DAY_US // 2
    return Journeys(starts_of(one), one, day, at, at + lag * DAY_US, one, one.astype(np.float64))


def slow_shares(found: list[tuple[int, int]], watched: list[int]) -> list[float]:
    """F(k - 1) = F(k) (1 - new(k) / so_far(k)) among pairs whose day was watched beyond age k."""
    length = max(min(watched[day], LONGEST + 1) for day, _ in found)
    share = [1.0] * length
    for age in range(length - 1, 0, -1):
        seen = [lag for day, lag in found if watched[day] > age and lag <= age]
        share[age - 1] = share[age] * (1 - seen.count(age) / len(seen) if seen else 1.0)
    return share


@given(found=pairs, horizon=st.integers(5, 20))
@settings(max_examples=100, deadline=None)
def test_shares_equal_a_slow_twin(found: list[tuple[int, int]], horizon: int) -> None:
    watched = np.maximum(horizon - np.arange(1, 11), 0)
    code = LagCode(10, LONGEST)
    made = find_maturing(code.count(journeys_of(found)), code=code, first_day=100, watched=watched)
    usable = sum(lag < min(watched[day], LONGEST + 1) for day, lag in found)
    if made is None:
        assert usable < 30
        return
    expected = slow_shares(found, watched.tolist())
    np.testing.assert_allclose(made.shares, expected, rtol=1e-12)
    days: Ints = np.arange(100, 110)
    told = [expected[min(max(int(one), 1), len(expected)) - 1] for one in watched]
    np.testing.assert_allclose(made.of_days(days), told, rtol=1e-12)
    assert made.of_days(np.array([3])) == expected[-1]


def test_known_lag_is_found_while_orders_still_come() -> None:
    random = np.random.default_rng(4)
    day = random.integers(0, 60, 20_000)
    lag = np.minimum(random.geometric(0.2, 20_000) - 1, 30)
    seen = day + lag < 60  # the others have not happened yet
    code = LagCode(61, 30)
    pairs = list(zip(day[seen].tolist(), lag[seen].tolist(), strict=True))
    watched = np.maximum(60 - np.arange(1, 62), 0)
    made = find_maturing(code.count(journeys_of(pairs)), code=code, first_day=0, watched=watched)
    assert made is not None
    truth = 1 - 0.8 ** np.arange(1, 31)
    np.testing.assert_allclose(made.shares[:30], truth, atol=0.02)
    naive = np.array([(lag[seen] <= age).mean() for age in range(30)])
    assert np.abs(naive - truth).max() > 0.03


def test_ripeness_is_what_came_over_what_will() -> None:
    made = Maturing(np.array([0.25, 0.5, 1.0]), 10, np.array([2, 1, 0]))
    assert made.of_credit(np.array([9, 10, 11, 12]), np.array([1.0, 1.0, 1.0, 1.0])) == pytest.approx(4 / (1 + 2 + 8))
    assert made.of_credit(np.array([9]), np.array([0.0])) is None
    slow = Maturing(np.array([0.0, 1.0]), 10, np.array([1, 0]))
    assert slow.of_credit(np.array([9, 10]), np.array([1.0, 0.0])) == 1.0
    assert slow.of_credit(np.array([9, 10]), np.array([1.0, 1.0])) == 0.0
    again = read_maturing(
        kept_maturing(made, LagCode(1, 2).count(journeys_of([(0, 0)])), code=LagCode(1, 2), first_day=10)
    )
    assert again is not None
    assert again.of_days(np.array([9, 10, 11, 12])).tolist() == [1.0, 0.5, 0.25, 0.25]


def test_too_early_is_under_four_fifths() -> None:
    assert [is_too_early(share) for share in (None, 0.79, 0.8)] == [False, True, False]
    assert [one.code for one in cautions_of_line(9.0, (1.0, 19.0), ripeness=0.5)] == ["wide_interval", "too_early"]
    assert cautions_of_line(9.0, (8.0, 10.0), ripeness=None) == []


def test_watched_days_follow_the_clock_change() -> None:
    zone = "Europe/Berlin"  # the clocks go forward on 29 March 2026
    first = (datetime(2026, 3, 28, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    until = clock.to_us(datetime(2026, 3, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC))
    assert days_watched(first, 3, zone=zone, until_us=until).tolist() == [0, 0, 0]
    assert days_watched(first, 2, zone=zone, until_us=until + DAY_US).tolist() == [1, 1]
