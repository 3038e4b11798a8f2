"""Moments at which a crash would hurt most, by name. Nothing happens at them unless a test asks for it."""

from collections.abc import Callable

POINTS = (
    "file.written",
    "files.durable",
    "flush.written",
    "flush.published",
    "rebuild.spilled",
    "rebuild.written",
    "compact.written",
    "compact.published",
    "fold.written",
    "publish.staged",
    "sweep.forgotten",
)
RUN_POINTS = (
    "run.planned",
    "run.counted",
    "run.staged",
    "run.stored",
    "sums.swept",
    "sums.counted",
    "cache.durable",
)
"""Those of attribution runs, and of what they keep for later ones."""

_act: Callable[[str], None] | None = None


def passing(point: str) -> None:
    """Tell whoever listens that this moment has come."""
    if _act is not None:
        _act(point)


def listen(act: Callable[[str], None] | None) -> None:
    """Have `act(point)` called at every moment; None ends it. For tests."""
    global _act
    _act = act
