"""How long a login must wait after failures: by account and address, by address alone, by account alone.

Pure arithmetic. The counters live in SQL and an attempt is counted before its password is looked at, so that many
attempts sent at once do not slip through, and a success takes its count back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Counters that were quiet for this long start again from zero.
FORGET_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """So many failures are free; each further one doubles the wait, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta


# An account alone never waits long: else anybody could lock anybody out.
LIMITS = {
    "account_ip": Limit(free=5, first=timedelta(seconds=5), longest=timedelta(minutes=15)),
    "ip": Limit(free=40, first=timedelta(seconds=5), longest=timedelta(minutes=15)),
    "account": Limit(free=30, first=timedelta(seconds=2), longest=timedelta(seconds=30)),
    "invite_ip": Limit(free=20, first=timedelta(seconds=5), longest=timedelta(minutes=15)),
}


@dataclass(frozen=True)
class Counter:
    """Failures counted so far, and when the last one was."""

    failures: int
    last_at: datetime


def wait_after(limit: Limit, counter: Counter | None, *, now: datetime) -> timedelta:
    """How long from now the next attempt must wait; zero when it may go on."""
    if counter is None or now - counter.last_at >= FORGET_AFTER or counter.failures < limit.free:
        return timedelta(0)
    doublings = min(counter.failures - limit.free, 20)
    wait = min(limit.first * (1 << doublings), limit.longest)
    return max(counter.last_at + wait - now, timedelta(0))


def counted(counter: Counter | None, *, now: datetime) -> Counter:
    """The counter after one more attempt."""
    fresh = counter is None or now - counter.last_at >= FORGET_AFTER
    return Counter(failures=1 if fresh or counter is None else counter.failures + 1, last_at=now)
