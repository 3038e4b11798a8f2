"""What the vendors' stand-ins share: a real HTTP server on loopback, the ways in which a vendor fails, a log."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.sdk import HttpClient
from plugins.sms.plugin import SmsChannel

Mode = Literal["fine", "silent", "broken", "throttled", "empty"]
"""silent: took it and never answers. broken: took it and answers 500. empty: the account has no credit."""


@dataclass(frozen=True)
class Sent:
    """A message that the vendor took."""

    phone: str
    id: str
    key: str = ""
    text: str = ""

    @property
    def is_delivered(self) -> bool:
        """Numbers that end in 3 are never reached."""
        return not self.phone.endswith("3")


@dataclass(frozen=True)
class Callback:
    """A request of the vendor to us, and what we should say to it."""

    body: bytes
    headers: dict[str, str]
    query: str = ""


@dataclass
class Log:
    """What a stand-in saw."""

    mode: Mode = "fine"
    sent: list[Sent] = field(default_factory=list)
    calls: int = 0
    forged: int = 0
    sessions: int = 0
    batches: list[int] = field(default_factory=list)
    waking: threading.Event = field(default_factory=threading.Event)


class Vendor(Protocol):
    """A vendor's own behaviour, beside the log."""

    log: Log

    def form(self, *, hook: str = "") -> dict[str, Any]:
        """Settings of a channel with this vendor."""

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        """The same settings, but for the secret."""

    def is_genuine(self, request: Request) -> bool:
        """Whether the vendor would believe this signature."""

    def query(self, request: Request) -> Response | None:
        """The answer to a question; None for a send."""

    def accept(self, request: Request) -> Response:
        """Take the messages and say so."""

    def refuse(self, why: Literal["forged", "throttled", "empty"]) -> Response:
        """Say no in the vendor's words."""

    def callbacks(self, *, hook: str) -> list[Callback]:
        """Receipts for all that was sent, and two replies, signed now."""


def take(vendor: Vendor, request: Request) -> Response:
    """One request to the vendor."""
    log = vendor.log
    log.calls += 1
    if not vendor.is_genuine(request):
        log.forged += 1
        return vendor.refuse("forged")
    told = vendor.query(request)
    if told is not None:
        return told
    if log.mode in ("throttled", "empty"):
        return vendor.refuse("throttled" if log.mode == "throttled" else "empty")
    before = len(log.sent)
    answer = vendor.accept(request)
    log.batches.append(len(log.sent) - before)
    if log.mode == "broken":
        return Response("upstream failed", 500)
    if log.mode == "silent":
        log.waking.wait(30)
    return answer


class ToLoopback(httpx.BaseTransport):
    """Every address leads to the stand-in; the request is the one that the vendor would have got."""

    def __init__(self, port: int) -> None:
        self._port, self._inner = port, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return self._inner.handle_request(
            httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        )

    def close(self) -> None:
        self._inner.close()


@contextmanager
def serving(vendor: Vendor, *, timeout: float = 10.0) -> Iterator[SmsChannel]:
    """The plugin, with the vendor at the other end of a real connection."""
    server = HTTPServer(threaded=True)

    def open_http() -> HttpClient:
        vendor.log.sessions += 1
        return HttpClient(timeout=timeout, transport=ToLoopback(server.port))

    server.expect_request(ANY).respond_with_handler(lambda request: take(vendor, request))
    server.start()
    try:
        yield SmsChannel(open_http)
    finally:
        vendor.log.waking.set()
        server.clear()
        server.stop()


class _Any:
    """Matches every path."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


ANY: Any = _Any()
