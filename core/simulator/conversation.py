"""What was said between us and the vendors: the last entries, in order, for the page and for tests."""

import contextlib
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

MOST = 2000
LONGEST = 4000
HOOK = re.compile(r"(/hooks/)[^/?\s]*?([^/?\s]{0,4})(?=[/?\s]|$)")

State = Literal["waiting", "taken", "refused", "lost", "unheard", "given_up", "genuine", "forged"]


@dataclass(frozen=True)
class Entry:
    """A call of ours (`state` is the vendor's verdict on it) or a callback of the vendor's (and what we made of it)."""

    number: int
    at: datetime
    vendor: str
    kind: Literal["call", "callback"]
    what: str
    where: str
    said: str
    state: State
    status: int = 0
    answer: str = ""
    seconds: float = 0.0
    note: str = ""


class Conversation:
    """The entries; safe to use from several threads."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._number = 0

    def note(self, write: Callable[[int], Entry]) -> None:
        """Add an entry under the next number."""
        with self._lock:
            self._number += 1
            entry = write(self._number)
            self._entries.append(replace(entry, where=mask_hook(entry.where)))

    def entries(self, *, vendor: str = "", after: int = 0) -> list[Entry]:
        """Those of a vendor (or of all) with a number above `after`, oldest first."""
        with self._lock:
            return [e for e in self._entries if e.number > after and vendor in ("", e.vendor)]

    def clear(self) -> None:
        """Forget what was said; numbers go on."""
        with self._lock:
            self._entries.clear()


def mask_hook(address: str) -> str:
    """The address of a hook with only the end of its secret."""
    return HOOK.sub(r"\1...\2", address)


def readable(body: bytes) -> str:
    """A body as text, JSON laid out, cut where it is very long."""
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
