"""The only source of time, so that tests and the demo can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source()


def now_us() -> int:
    """The present instant as microseconds since 1970 UTC."""
    return to_us(now())


def to_us(instant: datetime) -> int:
    """An aware instant as microseconds since 1970 UTC, exactly (no float on the way)."""
    return (instant - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """Microseconds since 1970 UTC as an aware instant."""
    return EPOCH + microseconds * MICROSECOND


@contextmanager
def set_to(source: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Let `now()` answer with this instant (or what this callable says) inside the block."""
    global _source
    before = _source
    _source = source if callable(source) else lambda: source
    try:
        yield
    finally:
        _source = before
