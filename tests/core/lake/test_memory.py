"""What a process keeps between pieces of work."""

import gc
from collections.abc import Iterator

import pytest

from core.lake.memory import settle_modules


@pytest.fixture
def unsettled() -> Iterator[None]:
    """The process searches as before, once the test is done."""
    settle_modules.cache_clear()
    yield
    gc.unfreeze()
    settle_modules.cache_clear()


def test_search_passes_over_settled_modules(unsettled: None) -> None:
    gc.collect()
    searched = len(gc.get_objects())
    settle_modules()
    assert len(gc.get_objects()) < 0.1 * searched


def test_later_circles_are_still_found(unsettled: None) -> None:
    settle_modules()
    circle: list[object] = []
    circle.append(circle)
    del circle
    assert gc.collect() >= 1
