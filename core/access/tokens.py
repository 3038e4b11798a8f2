"""Random tokens of sessions and invitations, and how long each of them lives."""

import secrets
from datetime import datetime, timedelta

from core.secrets import fingerprint

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
INVITATION = timedelta(days=7)
# `seen_at` is written at most this often, so that reading a page does not write a row.
TOUCH_EVERY = timedelta(minutes=1)
_BYTES = 32
_LONGEST = 64


def new_token() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> bytes | None:
    """What is stored of a token; None when the text cannot be one of ours."""
    if not 0 < len(token) <= _LONGEST or not token.isascii():
        return None
    return fingerprint(token)


def is_alive(*, started_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session still counts: used within the idle time and not older than the absolute one."""
    return now - seen_at < IDLE and now - started_at < ABSOLUTE


def wants_touch(*, seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write down that the session was used."""
    return now - seen_at >= TOUCH_EVERY
