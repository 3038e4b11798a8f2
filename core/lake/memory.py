"""Keeping the memory of one bucket for the next, and handing it back at the end."""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
KEPT = 64 << 20


@contextmanager
def kept_memory(*, hand_back: bool = True) -> Iterator[None]:
    """Let glibc keep what is freed, up to 64 MB a thread, until the end of the block.

    Left alone it hands back the arrays of every bucket and takes them anew for the next, page by page; with several
    threads that alone is a fifth of a run. Elsewhere nothing is done. Python's search for cycles rests
    meanwhile: arrays make none, and all threads wait for it.

    Args:
        hand_back: not where the process soon needs it again, or ends.
    """
    _keep_more()
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
        trim = _of_glibc("malloc_trim")
        if trim and hand_back:
            trim(0)


@cache
def settle_modules() -> None:
    """Have Python's search for cycles pass over what this process holds by now: nearly all of it modules, which stay.

    For a process whose host searches after each piece of work, as PySpark does: with our modules that takes longer than
    counting a million touches.
    """
    gc.collect()
    gc.freeze()


@cache
def _keep_more() -> None:
    mallopt = _of_glibc("mallopt")
    if mallopt:
        for option, value in ((M_MMAP_THRESHOLD, KEPT), (M_TRIM_THRESHOLD, KEPT), (M_TOP_PAD, 16 << 20)):
            mallopt(option, value)


@cache
def _of_glibc(name: str) -> Callable[..., Any] | None:
    """The function, or None with another C library."""
    if sys.platform != "linux":
        return None
    try:
        found: Callable[..., Any] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    return found
