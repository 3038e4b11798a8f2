"""The vendor in the place of the network: down, slow, throttling, broken; nothing ever leaves the machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn
from unittest.mock import patch

import httpx

from core.sdk.failures import Unreachable

Troubles = Callable[[httpx.Request], httpx.Response]


def _raise(error: Exception) -> Troubles:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return answer


def _say(status: int, body: bytes = b"", *, kind: str = "text/html") -> Troubles:
    return lambda request: httpx.Response(status, content=body, headers={"content-type": kind})


NEVER_LEFT = {"cannot be reached": _raise(httpx.ConnectError("no route"))}
MAY_HAVE_LEFT = {
    "does not answer in time": _raise(httpx.ReadTimeout("too late")),
    "breaks off in the middle": _raise(httpx.RemoteProtocolError("gone")),
    "answers 500": _say(500),
}
OTHERS = {
    "asks to slow down": lambda request: httpx.Response(429, headers={"retry-after": "7"}),
    "answers 200 with garbage": _say(200, b"\xff\x00<html>"),
    "answers 200 with null": _say(200, b"null", kind="application/json"),
    "answers 200 with an empty list": _say(200, b"[]", kind="application/json"),
    "refuses the credentials": _say(401),
}
EVERY_TROUBLE = NEVER_LEFT | MAY_HAVE_LEFT | OTHERS


class Stage(httpx.BaseTransport):
    """Takes the place of `PublicOnly`; keeps what was sent."""

    def __init__(self, trouble: Troubles) -> None:
        self.trouble = trouble
        self.count = 0
        self.sent = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Do what the script says."""
        self.count += 1
        self.sent += f"{request.url} {request.read().decode('utf-8', 'replace')}\n"
        return self.trouble(request)


@contextmanager
def vendor(trouble: Troubles) -> Iterator[Stage]:
    """Every `HttpClient` that is made meanwhile reaches this vendor; an `open_stream` reaches nobody."""
    stage = Stage(trouble)
    with (
        patch("core.sdk.http.PublicOnly", lambda **options: stage),
        patch("core.sdk.streams.public_address", _nobody),
    ):
        yield stage


def _nobody(host: str, port: int) -> NoReturn:
    raise Unreachable(f"{host} cannot be reached")
