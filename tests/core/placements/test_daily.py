"""Days come out of running totals the same whatever order the readings came in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.placements.daily import Reading, count_days

FIRST = date(2026, 11, 1)


def day(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def counted(*readings: tuple[int, int | None, int | None]) -> dict[int, int]:
    found = count_days([Reading(day(offset), total, added) for offset, total, added in readings], since=FIRST)
    return {(when - FIRST).days: count for when, count in found.items()}


@pytest.mark.parametrize(
    ("readings", "days"),
    [
        ([], {}),
        ([(0, 100, None)], {0: 100}),
        ([(0, 100, None), (1, 130, None)], {0: 100, 1: 30}),
        ([(0, 100, None), (1, 100, None)], {0: 100}),
        ([(2, 10, None)], {0: 3, 1: 3, 2: 4}),  # the first reading is late: the days since it was put out share it
        ([(0, 100, None), (3, 160, None)], {0: 100, 1: 20, 2: 20, 3: 20}),  # two days were missed
        ([(0, 100, None), (1, 150, None), (2, 140, None)], {0: 100, 1: 40}),  # ten were taken back
        ([(0, 100, None), (1, 150, None), (2, 90, None)], {0: 90}),
        ([(-3, 7, None)], {-3: 7}),  # it was counted before the operator's own first day
        ([(0, None, 5), (1, None, 6)], {0: 5, 1: 6}),
        ([(0, 100, 40), (1, 130, None)], {0: 40, 1: 30}),
        ([(0, 100, None), (1, None, 25), (3, 160, None)], {0: 100, 1: 25, 2: 17, 3: 18}),
        ([(0, 0, None), (500, 30, None)], {500: 30}),  # too long a gap to guess
    ],
)
def test_days_are_told(readings: list[tuple[int, int | None, int | None]], days: dict[int, int]) -> None:
    assert counted(*readings) == days


TOTALS = st.dictionaries(st.integers(0, 30), st.integers(0, 1_000), min_size=1, max_size=12)


@given(TOTALS, st.randoms(use_true_random=False))
def test_days_sum_to_the_last_total(totals: dict[int, int], chance: object) -> None:
    readings = [Reading(day(offset), total) for offset, total in totals.items()]
    days = count_days(readings, since=FIRST)
    assert sum(days.values()) == totals[max(totals)]
    assert all(count > 0 for count in days.values())
    chance.shuffle(readings)  # type: ignore[attr-defined] # hypothesis' random
    assert count_days(readings, since=FIRST) == days
