"""What a simulated vendor is: an account, answers in the vendor's shapes, and news signed as the vendor signs."""

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.simulator.wire import Ack, Asked, News, Posting, Reply

if TYPE_CHECKING:
    from core.simulator.day import Day

Trouble = Literal["forged", "garbage", "busy", "empty"]
Daytime = Literal["morning", "noon", "evening", "night"]
DAYTIMES: tuple[Daytime, ...] = ("morning", "noon", "evening", "night")


class Vendor(ABC):
    """One vendor. `answer` and the rest are called one at a time, under `lock`; state lives in attributes.

    Every id or token that a plugin sends back must carry `core.sdk.simulated.MARK`, or its request would go out to the
    real vendor.
    """

    key: ClassVar[str]
    name: ClassVar[Text]
    hosts: ClassVar[tuple[str, ...]]
    """Host names it answers for; `*.example.com` for all below one, `example.com/part` for what lies under one path.
    Empty for one that only sends."""
    account: ClassVar[Mapping[str, str]]
    """The simulated account, named as in the channel's settings, for copying."""
    console: ClassVar[Mapping[str, str]] = {}
    """What one may set at the vendor, with its first value: an approved template, a callback address."""
    troubles: ClassVar[Mapping[Trouble, str]] = {}
    """The vendor's error codes for a bad signature, a bad request, too many requests, and an account without credit."""
    retries: ClassVar[tuple[float, ...]] = ()
    """Seconds until each further attempt when a callback was not taken."""
    ack_within: ClassVar[float] = 5.0
    topics: ClassVar[Mapping[str, Text]] = {}
    """What `tell` can tell by hand."""
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The fields that `tell` wants for a topic; the page asks for them."""
    talks: ClassVar[bool] = False
    """Whether it is reached by TCP; `talk` then has one client's connection each."""
    daytime: ClassVar[Daytime] = "noon"
    """When its part of a simulated day comes: messages go out in the morning, shops sell to whom
    others brought, and at night is taken what the day left on the pages of cards."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.settings = dict(self.console)
        self.hooks: dict[str, str] = {}
        self.outbox: list[News] = []
        self._last_number = 0
        self.forget()

    def forget(self) -> None:  # noqa: B027 - most of these do nothing unless a vendor wants them
        """Begin anew; called first and at a reset. Accounts, settings and hooks stay."""

    def remember(self) -> JsonValue:
        """What should outlive a restart."""
        return None

    def recall(self, kept: JsonValue) -> None:  # noqa: B027 - see `forget`
        """Take back what `remember` gave."""

    def why_forged(self, asked: Asked) -> str:
        """Why the vendor would not believe this request; empty when it would. KeyError or ValueError: no."""
        return ""

    def is_query(self, asked: Asked) -> bool:
        """Whether it only asks; bad moods are for what changes something."""
        return asked.method == "GET"

    @abstractmethod
    def answer(self, asked: Asked) -> Reply:
        """Do it and say so. KeyError, TypeError or ValueError: the request makes no sense, `refuse` says so."""

    @abstractmethod
    def refuse(self, code: str) -> Reply:
        """Say no in the vendor's words, with this code of its list."""

    def fresh_number(self) -> int:
        """A number that was never given before, also not before a reset or a restart: the time, in microseconds."""
        self._last_number = max(self._last_number + 1, clock.now_us())
        return self._last_number

    def later(self, news: News) -> None:
        """Tell this by callback, when `answer` is done."""
        self.outbox.append(news)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Sign and seal news for this address, at this moment. An unsigned JSON body, unless the vendor signs."""
        return Posting(url, news.content, {"content-type": "application/json; charset=utf-8", **news.headers})

    def forge(self, posting: Posting) -> Posting:
        """The callback as one without the secret would send it: something is changed and the signature stays."""
        return replace(posting, body=posting.body[:-1] + b" " + posting.body[-1:] if posting.body else b"{}")

    def is_taken(self, ack: Ack) -> bool:
        """Whether the vendor counts this as received; else it comes again."""
        return 200 <= ack.status < 300

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """Make news of one of the `topics` by hand, from a test or from the page."""
        raise ValueError(f"{self.key} has nothing called {what} to tell")

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """What is told of one of the `topics` that happens; nothing where the vendor waits to be asked."""
        return (self.tell(what, fields),)

    def asked_for(self, topic: str) -> tuple[str, ...]:
        """The fields of a topic."""
        return self.asks_for.get(topic, ())

    def talk(self, connection: socket.socket) -> None:
        """Speak with one client that connected by TCP, until it goes; in a thread of its own, not under `lock`."""
        connection.close()

    def a_day(self, day: "Day") -> None:  # noqa: B027 - see `forget`
        """What happens at this vendor on an ordinary day: people come (`day.person()`), news is told (`later`)."""
