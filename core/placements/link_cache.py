"""Links of this process, so that a redirect needs no database.

An entry is used for a minute and then looked up again behind the customer's back; while the database is down it is
used for as long as it lasts. A link that was never seen is looked up once, with a limit on the wait.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from core.errors import SiyuError
from core.logs import logger

log = logger(__name__)

FRESH_SECONDS = 60.0
UNKNOWN_SECONDS = 10.0
WAIT_SECONDS = 1.0
REST_SECONDS = 1.0
SIZE = 20_000


class CannotLookUp(Exception):
    """The link is not in the cache and the database does not answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: `head + code + tail` when the target wants to know the code, else `head` alone."""

    head: str
    tail: str = ""
    tells_code: bool = False

    def location(self, code: str) -> str:
        """The address to redirect to."""
        return f"{self.head}{code}{self.tail}" if self.tells_code else self.head


class _Entry:
    __slots__ = ("refreshing", "target", "until")

    def __init__(self, target: Target | None, until: float) -> None:
        self.target, self.until, self.refreshing = target, until, False


class LinkCache:
    """Answers from memory; `look_up(code)` gives a Target, None for no such link, or raises."""

    def __init__(
        self,
        look_up: Callable[[str], Target | None],
        *,
        size: int = SIZE,
        wait_seconds: float = WAIT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look_up, self._size, self._wait, self._monotonic = look_up, size, wait_seconds, monotonic
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._changing = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="links")
        self._rest_until = 0.0

    def cached(self, code: str) -> tuple[bool, Target | None]:
        """Whether the code is in memory, and its target (None: known not to exist). Never waits."""
        entry = self._entries.get(code)
        if entry is None:
            return False, None
        if self._monotonic() > entry.until:
            self._refresh(code, entry)
        return True, entry.target

    def fetch(self, code: str) -> Target | None:
        """The target from the database, for a code that is not in memory.

        Raises:
            CannotLookUp: no answer within the limit, or none a moment ago.
        """
        if self._monotonic() < self._rest_until:
            raise CannotLookUp
        asked = self._pool.submit(self._look_up, code)
        try:
            target = asked.result(timeout=self._wait)
        except (SQLAlchemyError, SiyuError, TimeoutError) as error:
            self._rest_until = self._monotonic() + REST_SECONDS
            log.warning("link look-up failed: %s", type(error).__name__)
            raise CannotLookUp from error
        self._keep(code, target)
        return target

    def forget(self) -> None:
        """Drop everything (tests)."""
        with self._changing:
            self._entries.clear()
            self._rest_until = 0.0

    def _refresh(self, code: str, entry: _Entry) -> None:
        with self._changing:
            if entry.refreshing:
                return
            entry.refreshing = True

        def put_back(answer: "Future[Target | None]") -> None:
            if answer.exception() is None:
                self._keep(code, answer.result())
            else:
                entry.until, entry.refreshing = self._monotonic() + REST_SECONDS, False

        self._pool.submit(self._look_up, code).add_done_callback(put_back)

    def _keep(self, code: str, target: Target | None) -> None:
        fresh = FRESH_SECONDS if target else UNKNOWN_SECONDS
        with self._changing:
            self._entries[code] = _Entry(target, self._monotonic() + fresh)
            self._entries.move_to_end(code)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
