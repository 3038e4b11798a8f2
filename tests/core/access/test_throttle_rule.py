"""The wait after failed logins."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.access.throttle_rule import FORGET_AFTER, LIMITS, Counter, Limit, counted, wait_after

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LIMIT = Limit(free=3, first=timedelta(seconds=4), longest=timedelta(seconds=30))


def waits(failures: int) -> int:
    return int(wait_after(LIMIT, Counter(failures, NOW), now=NOW).total_seconds())


def test_first_failures_are_free() -> None:
    assert [waits(n) for n in (0, 1, 2)] == [0, 0, 0]
    assert wait_after(LIMIT, None, now=NOW) == timedelta(0)


def test_wait_doubles_to_the_longest() -> None:
    assert [waits(n) for n in (3, 4, 5, 6, 7, 10**9)] == [4, 8, 16, 30, 30, 30]


def test_wait_runs_down_with_time() -> None:
    counter = Counter(4, NOW)
    assert wait_after(LIMIT, counter, now=NOW + timedelta(seconds=5)) == timedelta(seconds=3)
    assert wait_after(LIMIT, counter, now=NOW + timedelta(seconds=9)) == timedelta(0)


def test_quiet_hour_forgets_failures() -> None:
    counter = Counter(50, NOW)
    assert wait_after(LIMIT, counter, now=NOW + FORGET_AFTER) == timedelta(0)
    assert counted(counter, now=NOW + FORGET_AFTER).failures == 1
    assert counted(counter, now=NOW).failures == 51


def test_stranger_cannot_lock_account_long() -> None:
    assert LIMITS["account"].longest <= timedelta(seconds=30)


@given(st.integers(0, 10**6), st.integers(0, 7200))
def test_wait_never_exceeds_longest(failures: int, seconds: int) -> None:
    now = NOW + timedelta(seconds=seconds)
    for limit in LIMITS.values():
        assert timedelta(0) <= wait_after(limit, Counter(failures, NOW), now=now) <= limit.longest
