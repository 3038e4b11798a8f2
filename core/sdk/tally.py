"""How many requests a piece of work sends to whom: what vendors count against an account."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_TALLY: ContextVar[Counter[str] | None] = ContextVar("_TALLY", default=None)


@contextmanager
def counting_requests() -> Iterator[Counter[str]]:
    """Within the block, every request of an `HttpClient` is counted under its host, also in threads that copy the
    context, as guarded calls of plugins do."""
    made: Counter[str] = Counter()
    token = _TALLY.set(made)
    try:
        yield made
    finally:
        _TALLY.reset(token)


def note_request(host: str) -> None:
    """One request went, or may have gone, to this host."""
    made = _TALLY.get()
    if made is not None:
        made[host] += 1
