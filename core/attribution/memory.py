"""Keeping the memory of one bucket for the next."""

import ctypes
import sys
from functools import cache

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
KEPT = 256 << 20


@cache
def keep_freed_memory() -> None:
    """Tell glibc to hand freed memory back only above 256 MB, once a process.

    Left alone it hands back the arrays of every bucket and takes them anew for the next, page by page; with several
    threads that alone is a fifth of a run. Elsewhere nothing is done.
    """
    if sys.platform != "linux":
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    for option, value in ((M_MMAP_THRESHOLD, KEPT), (M_TRIM_THRESHOLD, KEPT), (M_TOP_PAD, 16 << 20)):
        mallopt(option, value)
