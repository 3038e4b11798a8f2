"""When a message is sent again, and what an answer means: pure rules after Standard Webhooks 1.0."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MINUTE, HOUR = 60, 3600
WAITS = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each further attempt; ten attempts in about three days."""
DEAD_AFTER = timedelta(days=5)
"""An endpoint that took nothing for so long is disabled, and says so."""
LONGEST_REST = 5 * MINUTE
SLOW_DOWN = frozenset({429, 502, 503, 504})

Verdict = Literal["taken", "refused", "slow", "gone"]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the receiver did. `slow` also keeps its other messages waiting, `gone` (410) wants none any more."""

    verdict: Verdict
    error: str | None = None
    wait: float | None = None


def judge_status(status: int, retry_after: str = "") -> Reaction:
    """2xx is taken, everything else is not; redirects are failures, since a signed body goes nowhere else."""
    if 200 <= status < 300:
        return Reaction("taken")
    if status == 410:
        return Reaction("gone", "410: the receiver wants no more")
    if status in SLOW_DOWN:
        wait = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
        return Reaction("slow", f"{status}: the receiver asks to slow down", min(wait, HOUR) if wait else None)
    what = "redirects elsewhere, which is not followed" if 300 <= status < 400 else "did not take it"
    return Reaction("refused", f"{status}: the receiver {what}")


def next_attempt(attempts: int, *, now: datetime, message: uuid.UUID) -> datetime | None:
    """When a message that failed `attempts` times is tried again, or None. Each message has a tenth more or less of
    its own, so that those that failed together do not come back together."""
    if attempts > len(WAITS):
        return None
    spread = 0.9 + 0.2 * (message.int % 1000) / 1000
    return now + timedelta(seconds=WAITS[attempts - 1] * spread)


def rest(failures: int, wait: float | None) -> timedelta:
    """How long an endpoint is left alone after so many failures in a row."""
    return timedelta(seconds=wait if wait is not None else min(5 * 2 ** min(failures, 10), LONGEST_REST))
