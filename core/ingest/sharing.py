"""Requests that arrive together share one commit: while one is being made durable, the next ones gather behind it.

A durable commit costs some ten milliseconds of disk, which would bound a busy site to a hundred calls a second.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass
class _Share(Generic[Item]):
    items: Sequence[Item]
    is_done: bool = False
    error: BaseException | None = None


class SharedCommit(Generic[Item]):
    """`commit(tenant, items)` is called with what several threads brought; each returns once its own is durable."""

    def __init__(self, commit: Callable[[int, list[Item]], None]) -> None:
        self._commit = commit
        self._guard = threading.Lock()
        self._waiting: dict[int, list[_Share[Item]]] = defaultdict(list)
        self._turn: dict[int, threading.Lock] = defaultdict(threading.Lock)

    def write(self, tenant: int, items: Sequence[Item]) -> None:
        """Raises what the shared commit raised; nothing of it is stored then."""
        mine = _Share(items)
        with self._guard:
            self._waiting[tenant].append(mine)
            turn = self._turn[tenant]
        with turn:
            if not mine.is_done:
                self._commit_waiting(tenant)
        if mine.error is not None:
            raise mine.error

    def _commit_waiting(self, tenant: int) -> None:
        with self._guard:
            shares = self._waiting.pop(tenant)
        error: BaseException | None = None
        try:
            self._commit(tenant, [item for share in shares for item in share.items])
        except BaseException as failure:
            error = failure
            raise
        finally:
            for share in shares:
                share.is_done, share.error = True, error
