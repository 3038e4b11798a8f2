"""Time for plugins: the platform's clock, which tests and the demo may set."""

from datetime import datetime, timedelta, timezone

from core.clock import now as _now

CHINA = timezone(timedelta(hours=8))
"""UTC+8 the whole year: what Chinese vendors mean by a time without a zone."""


def now() -> datetime:
    """The present instant, aware, in UTC. Not for `parse` and `answer`: they use the request's `received_at`."""
    return _now()


def local_instant(text: str, *, layout: str = "%Y-%m-%d %H:%M:%S", zone: timezone = CHINA) -> datetime:
    """A vendor's local time without a zone as an aware UTC instant; ValueError when it does not fit `layout`."""
    return datetime.strptime(text.strip(), layout).replace(tzinfo=zone).astimezone(timezone.utc)  # noqa: UP017 - one name
