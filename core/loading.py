"""For programs that load a lot and then run long: load without looking for garbage, and never look at it again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import inside. Modules are no garbage, yet looking through them again and again is a fifth of a start.

    What was loaded is left out of later looks, too: a forked child would copy every page that it looks at.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
