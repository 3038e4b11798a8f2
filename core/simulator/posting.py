"""Sends a callback over HTTP, to this machine only; or straight into an application of this process."""

import ipaddress
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import httpx
from werkzeug.test import Client

from core.simulator.wire import Ack, Posting

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Post = Callable[[Posting, float], Ack]
"""Sends a callback and waits so many seconds for what is said to it."""


def post_by_http(posting: Posting, within: float) -> Ack:
    """Send and wait; whatever goes wrong is an `Ack` without status."""
    if not is_loopback(posting.url):
        return Ack(0, trouble="the simulator calls back to this machine only")
    began = time.monotonic()
    try:
        said = _client().request(
            posting.method, posting.url, content=posting.body, headers=dict(posting.headers), timeout=within
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Ack(0, took=time.monotonic() - began, trouble=type(error).__name__)
    return Ack(said.status_code, said.content, time.monotonic() - began)


@cache
def _client() -> httpx.Client:
    """One for all threads, so that connections are kept."""
    return httpx.Client(follow_redirects=False, trust_env=False, limits=httpx.Limits(max_connections=64))


def post_into(app: "WSGIApplication") -> Post:
    """Bring callbacks into this application, whatever host they are meant for."""
    client = Client(app)

    def post(posting: Posting, within: float) -> Ack:
        path = httpx.URL(posting.url).raw_path.decode()
        said = client.open(path, method=posting.method, data=posting.body, headers=dict(posting.headers))
        return Ack(said.status_code, said.get_data())

    return post


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's."""
    try:
        host = httpx.URL(url).host
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (httpx.InvalidURL, ValueError):
        return False
