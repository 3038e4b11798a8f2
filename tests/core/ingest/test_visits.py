"""A visit begins after half an hour of quiet, whatever order its signs arrive in."""

import random

from core.ingest.visits import GAP_US, KEPT, Span, join_visit

MINUTE = 60_000_000


def count_visits(times: list[int]) -> int:
    visits: list[Span] = []
    started = 0
    for at in times:
        visits, is_new = join_visit(visits, at)
        started += is_new
    return started


def test_pages_close_together_are_one() -> None:
    assert count_visits([0, 10 * MINUTE, 40 * MINUTE]) == 1


def test_quiet_half_hour_starts_anew() -> None:
    assert count_visits([0, GAP_US + 1]) == 2


def test_late_call_joins_its_visit() -> None:
    assert count_visits([0, 100 * MINUTE, 5 * MINUTE]) == 2


def test_gap_filled_late_is_no_visit() -> None:
    assert join_visit([(0, 0), (50 * MINUTE, 50 * MINUTE)], 25 * MINUTE) == ([(0, 50 * MINUTE)], False)


def test_only_latest_visits_are_kept() -> None:
    visits: list[Span] = []
    for day in range(50):
        visits, _ = join_visit(visits, day * 24 * 60 * MINUTE)
    assert len(visits) == KEPT


def test_shuffled_arrival_finds_every_visit() -> None:
    times = [visit * 100 * MINUTE + page * MINUTE for visit in range(4) for page in range(5)]
    random.Random(5).shuffle(times)
    assert count_visits(times) == 4
