"""Work on many things by a few threads, its results in the order of the things."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_in_order(
    work: Callable[[Given], Made],
    things: Iterable[Given],
    *,
    threads: int,
    begun: Callable[[], None] = lambda: None,
) -> Iterator[Made]:
    """`work` of each thing; what one of them raises is raised in its turn, and what has not begun by then is left.

    With one thread nothing is started: the caller's own does the work.

    Args:
        begun: called once in the caller's thread, while the others are at work already.
    """
    if threads <= 1:
        begun()
        yield from map(work, things)
        return
    executor = ThreadPoolExecutor(threads, thread_name_prefix="attribution")
    try:
        made = executor.map(work, things)
        begun()
        yield from made
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
