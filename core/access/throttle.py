"""Counters of failed attempts in SQL, where all API processes see them. If they cannot be read, nobody gets in."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.access.models import LoginAttempts
from core.access.throttle_rule import FORGET_AFTER, LIMITS, Counter, counted, wait_after
from core.db import insert_new
from core.errors import TooMany


def charge(session: Session, subjects: dict[str, str]) -> None:
    """Count an attempt before it is looked at, so that many at once do not slip through.

    Args:
        subjects: by name of the limit, what it is counted for: `{"ip": "10.0.0.7"}`.

    Raises:
        TooMany: one of them must wait; nothing is counted then.
    """
    now = clock.now()
    rows = [_locked(session, limit, subject) for limit, subject in sorted(subjects.items())]
    waits = [
        wait_after(LIMITS[limit], Counter(row.failures, row.last_at), now=now)
        for limit, row in zip(sorted(subjects), rows, strict=True)
    ]
    longest = max(waits)
    if longest:
        seconds = int(longest.total_seconds()) + 1
        raise TooMany(f"Too many attempts; wait {seconds} s. / 尝试次数过多，请等 {seconds} 秒。", retry_after=seconds)
    for row in rows:
        after = counted(Counter(row.failures, row.last_at), now=now)
        row.failures, row.last_at = after.failures, after.last_at


def give_back(session: Session, subjects: dict[str, str]) -> None:
    """The attempt was right: its account starts again from zero, and the shared counters lose one."""
    for limit, subject in sorted(subjects.items()):
        row = _locked(session, limit, subject)
        row.failures = 0 if limit == "account_ip" else max(row.failures - 1, 0)


def forget_old(session: Session) -> None:
    """Drop counters that no longer make anybody wait."""
    session.execute(sa.delete(LoginAttempts).where(LoginAttempts.last_at < clock.now() - FORGET_AFTER))


def _locked(session: Session, limit: str, subject: str) -> LoginAttempts:
    digest = hashlib.sha256(f"{limit}\0{subject}".encode()).digest()
    insert_new(
        session, LoginAttempts, [{"subject": digest, "failures": 0, "last_at": clock.now()}], conflict=["subject"]
    )
    query = sa.select(LoginAttempts).where(LoginAttempts.subject == digest).with_for_update()
    return session.scalars(query).one()
