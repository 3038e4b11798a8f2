"""How many threads linear algebra may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController

SMALL = 400
"""A system of so many unknowns is solved in a few milliseconds by one thread."""


@contextmanager
def few_blas_threads(size: int) -> Iterator[None]:
    """One thread inside, where a system of `size` unknowns is small: more would wait for each other, spinning, fifty
    times as long as the work takes when the machine has something else to do."""
    if size > SMALL:
        yield
        return
    with _pools().limit(limits=1, user_api="blas"):
        yield


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()
