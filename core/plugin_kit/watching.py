"""Seeing that a plugin was changed: by the times of its files, a few times a second."""

import time
from collections.abc import Iterator
from pathlib import Path

from core.plugin_host.reloading import stamp_of

SECONDS = 0.4


def changes(folder: Path) -> Iterator[None]:
    """Once at the start, then after each change, for ever."""
    last: object = None
    while True:
        stamp = stamp_of([folder])
        if stamp != last:
            last = stamp
            yield
        time.sleep(SECONDS)
