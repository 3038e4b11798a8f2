"""A vendor's trouble becomes one of the five failures, and a doubt is never called a failure."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest

from core.sdk import BadSettings, ChannelFailure, HttpClient, Throttled, Unknown, Unreachable
from core.sdk.tally import counting_requests

URL = "https://vendor.example/send?key=secret"


def send(answer: Callable[[httpx.Request], httpx.Response], *, repeatable: bool) -> int:
    with HttpClient(transport=httpx.MockTransport(answer)) as http:
        return http.send("POST", URL, repeatable=repeatable, content=b"{}").status


def raising(error: type[httpx.HTTPError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("with secret")

    return answer


@pytest.mark.parametrize(
    ("error", "once", "again"),
    [
        (httpx.ConnectError, Unreachable, Unreachable),
        (httpx.ConnectTimeout, Unreachable, Unreachable),
        (httpx.ReadTimeout, Unknown, Unreachable),
        (httpx.RemoteProtocolError, Unknown, Unreachable),
        (httpx.WriteError, Unknown, Unreachable),
    ],
)
def test_broken_connections_are_told_apart(
    error: type[httpx.HTTPError], once: type[ChannelFailure], again: type[ChannelFailure]
) -> None:
    for repeatable, kind in ((False, once), (True, again)):
        with pytest.raises(kind) as caught:
            send(raising(error), repeatable=repeatable)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "once", "again"),
    [
        (429, Throttled, Throttled),
        (500, Unknown, Unreachable),
        (503, Unknown, Unreachable),
        (302, BadSettings, BadSettings),
        (401, BadSettings, BadSettings),
    ],
)
def test_statuses_are_told_apart(status: int, once: type[ChannelFailure], again: type[ChannelFailure]) -> None:
    for repeatable, kind in ((False, once), (True, again)):
        with pytest.raises(kind):
            send(lambda _: httpx.Response(status, headers={"location": "http://127.0.0.1/"}), repeatable=repeatable)


def test_vendors_explain_themselves_in_json() -> None:
    assert send(lambda _: httpx.Response(403, json={"Code": "x"}), repeatable=False) == 403
    assert send(lambda _: httpx.Response(400, text="no"), repeatable=False) == 400


def test_retry_after_is_read() -> None:
    with pytest.raises(Throttled) as caught:
        send(lambda _: httpx.Response(429, headers={"retry-after": "17"}), repeatable=True)
    assert caught.value.retry_after == 17


def test_endless_answers_are_cut() -> None:
    with pytest.raises(Unknown, match="broke off"):
        send(lambda _: httpx.Response(200, content=b"x" * 5_000_000), repeatable=False)


def test_answer_that_is_no_json() -> None:
    with HttpClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))) as http:
        reply = http.send("GET", URL, repeatable=True)
    with pytest.raises(Unknown, match="not JSON"):
        reply.json()


def test_session_uses_one_connection() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), KeepsOpen)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    KeepsOpen.clients.clear()
    try:
        with HttpClient(transport=httpx.HTTPTransport()) as http:
            for _ in range(3):
                http.send("POST", f"http://127.0.0.1:{server.server_port}/", repeatable=False, content=b"{}")
    finally:
        server.shutdown()
        server.server_close()
    assert len(KeepsOpen.clients) == 3
    assert len(set(KeepsOpen.clients)) == 1


class KeepsOpen(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 and remembers from where each request came."""

    protocol_version = "HTTP/1.1"
    clients: ClassVar[list[tuple[str, int]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.clients.append(self.client_address)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_addresses_are_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        assert send(lambda request: httpx.Response(200), repeatable=True) == 200
    assert "secret" not in caplog.text


def test_requests_are_counted_by_host() -> None:
    broken = httpx.MockTransport(lambda _: httpx.Response(500))
    with counting_requests() as made:
        for url in ("https://vendor.example/a", "https://vendor.example/b", "https://other.example/"):
            with HttpClient(transport=broken) as http, suppress(Unreachable):
                http.send("GET", url, repeatable=True)
    assert made == {"vendor.example": 2, "other.example": 1}
