"""Redirects need no database for links that were seen before."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from core.placements.link_cache import CannotLookUp, LinkCache, Target

SHOP = Target("https://shop.example/")


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Database:
    """Answers look-ups, or is down."""

    def __init__(self) -> None:
        self.links: dict[str, Target] = {"AAAAAAAA": SHOP}
        self.is_down = False
        self.asked = threading.Semaphore(0)

    def __call__(self, code: str) -> Target | None:
        try:
            if self.is_down:
                raise OperationalError("select", {}, Exception("down"))
            return self.links.get(code)
        finally:
            self.asked.release()


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def until(holds: Callable[[], bool]) -> None:
    """Wait for a background refresh to land."""
    waiting = threading.Event()
    for _ in range(500):
        if holds():
            return
        waiting.wait(0.01)
    raise AssertionError("the refresh never came")


def test_second_look_needs_no_database(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, monotonic=clock)
    assert cache.cached("AAAAAAAA") == (False, None)
    assert cache.fetch("AAAAAAAA") == SHOP
    database.is_down = True
    assert cache.cached("AAAAAAAA") == (True, SHOP)


def test_unknown_code_is_remembered_briefly(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, monotonic=clock)
    assert cache.fetch("BBBBBBBB") is None
    assert cache.cached("BBBBBBBB") == (True, None)
    database.links["BBBBBBBB"] = SHOP
    clock.seconds = 11
    until(lambda: cache.cached("BBBBBBBB") == (True, SHOP))


def test_old_entry_serves_while_database_is_down(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, monotonic=clock)
    cache.fetch("AAAAAAAA")
    database.is_down = True
    for clock.seconds in (100, 1000, 100_000):
        assert cache.cached("AAAAAAAA") == (True, SHOP)


def test_changed_target_is_seen_after_a_minute(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, monotonic=clock)
    cache.fetch("AAAAAAAA")
    database.links["AAAAAAAA"] = Target("https://new.example/")
    assert cache.cached("AAAAAAAA") == (True, SHOP)
    clock.seconds = 61
    until(lambda: cache.cached("AAAAAAAA") == (True, Target("https://new.example/")))


def test_failed_look_up_lets_the_database_rest(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, monotonic=clock)
    database.is_down = True
    for _ in range(5):
        with pytest.raises(CannotLookUp):
            cache.fetch("AAAAAAAA")
    assert database.asked.acquire(blocking=False)
    assert not database.asked.acquire(blocking=False)
    database.is_down, clock.seconds = False, 2
    assert cache.fetch("AAAAAAAA") == SHOP


def test_hanging_database_is_not_waited_for(clock: Clock) -> None:
    never = threading.Event()
    cache = LinkCache(lambda code: SHOP if never.wait(5) else None, monotonic=clock, wait_seconds=0.05)
    with pytest.raises(CannotLookUp):
        cache.fetch("AAAAAAAA")
    never.set()


def test_cache_forgets_the_oldest_first(database: Database, clock: Clock) -> None:
    cache = LinkCache(database, size=2, monotonic=clock)
    for code in ("AAAAAAAA", "BBBBBBBB", "CCCCCCCC"):
        cache.fetch(code)
    assert [cache.cached(code)[0] for code in ("AAAAAAAA", "BBBBBBBB", "CCCCCCCC")] == [False, True, True]
