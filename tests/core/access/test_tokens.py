"""How long sessions live, and what counts as a token."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import tokens

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_token_carries_256_bits() -> None:
    assert len(tokens.new_token()) == 43
    assert tokens.new_token() != tokens.new_token()


def test_digest_is_not_the_token() -> None:
    token = tokens.new_token()
    digest = tokens.digest_of(token)
    assert digest is not None
    assert len(digest) == 32
    assert token.encode() not in digest


@pytest.mark.parametrize("text", ["", "x" * 65, "é" * 10])
def test_impossible_token_has_no_digest(text: str) -> None:
    assert tokens.digest_of(text) is None


@pytest.mark.parametrize(
    ("seen_after", "asked_after", "alive"),
    [
        (timedelta(0), timedelta(minutes=29, seconds=59), True),
        (timedelta(0), timedelta(minutes=30), False),
        (timedelta(hours=11, minutes=59), timedelta(hours=12, seconds=-1), True),
        (timedelta(hours=11, minutes=59), timedelta(hours=12), False),
    ],
)
def test_session_ends_idle_or_old(seen_after: timedelta, asked_after: timedelta, alive: bool) -> None:
    assert tokens.is_alive(started_at=START, seen_at=START + seen_after, now=START + asked_after) is alive


def test_use_is_written_once_a_minute() -> None:
    assert not tokens.wants_touch(seen_at=START, now=START + timedelta(seconds=59))
    assert tokens.wants_touch(seen_at=START, now=START + timedelta(seconds=60))
