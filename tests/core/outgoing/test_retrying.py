"""When a message comes again, and what an answer means."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from core.outgoing.retrying import LONGEST_REST, WAITS, judge_status, next_attempt, rest

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, "taken"),
        (204, "taken"),
        (301, "refused"),
        (400, "refused"),
        (401, "refused"),
        (410, "gone"),
        (500, "refused"),
    ]
    + [(status, "slow") for status in (429, 502, 503, 504)],
)
def test_status_decides_what_follows(status: int, verdict: str) -> None:
    assert judge_status(status).verdict == verdict


@pytest.mark.parametrize(("told", "wait"), [("7", 7.0), ("999999", 3600.0), ("soon", None), ("-1", None), ("٣", None)])
def test_retry_after_is_heeded_and_capped(told: str, wait: float | None) -> None:
    assert judge_status(429, told).wait == wait


def test_ten_attempts_take_three_days() -> None:
    waits = [next_attempt(n, now=NOW, message=uuid.UUID(int=500)) for n in range(1, len(WAITS) + 1)]
    total = sum((at - NOW for at in waits if at is not None), timedelta())
    assert len(waits) == 9
    assert timedelta(days=3) < total < timedelta(days=3, hours=6)
    assert next_attempt(10, now=NOW, message=uuid.UUID(int=500)) is None


def test_messages_come_back_apart() -> None:
    found = {next_attempt(2, now=NOW, message=uuid.UUID(int=n)) for n in range(1000)}
    assert len(found) == 1000
    assert max(found) - min(found) <= timedelta(seconds=60)  # type: ignore[type-var, operator]  # no None at 2


def test_rest_grows_up_to_five_minutes() -> None:
    rests = [rest(n, None).total_seconds() for n in range(1, 20)]
    assert rests == sorted(rests)
    assert rests[-1] == LONGEST_REST
    assert rest(3, 42.0) == timedelta(seconds=42)
