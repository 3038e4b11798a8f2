"""The way to a vendor's API: time-outs, no redirects, small answers, and errors mapped to the five failures."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast

import httpx
from pydantic import JsonValue

from core.sdk.egress import PublicOnly
from core.sdk.failures import BadSettings, Throttled, Unknown, Unreachable
from core.sdk.tally import note_request

MAX_ANSWER_BYTES = 4 * 1024 * 1024
# httpx tells every address at INFO and httpcore every header at DEBUG: vendors want phone numbers and keys in both.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class HttpReply:
    """A vendor's answer: status, headers (lower case) and the body's bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> JsonValue:
        """The body as JSON. Raises `Unknown` when it is none: the vendor did something, we cannot say what."""
        try:
            return cast("JsonValue", json.loads(self.body))
        except (ValueError, RecursionError):
            raise Unknown(f"the vendor answered {self.status} with something that is not JSON") from None


class HttpClient:
    """An HTTP client for one verb call: `with HttpClient() as http: reply = http.send(...)`.

    Only public addresses are reached (`core.sdk.egress`). `transport` replaces the network in tests
    (`httpx.MockTransport`).
    """

    def __init__(self, *, timeout: float = 10.0, transport: httpx.BaseTransport | None = None) -> None:
        """`timeout` is in seconds, for connecting and for each read."""
        way_out = transport or PublicOnly(retries=0, trust_env=False)
        self._client = httpx.Client(timeout=timeout, transport=way_out, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Self:
        """Open for the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Close the connections."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> HttpReply:
        """Send one request and return the answer when its status is below 400 or a 4xx the vendor explains.

        `repeatable` says that doing it twice does no harm (a query): then every doubt is `Unreachable`. Otherwise
        a time-out or a broken connection after the request may have left, and a 5xx, raise `Unknown`. Always:
        no connection -> `Unreachable`, 429 -> `Throttled`, 401 and 403 -> `BadSettings` unless the body is JSON,
        which the caller then reads (many vendors explain themselves so), a redirect -> `BadSettings`.
        """
        note_request(_host(url))
        try:
            with self._client.stream(method, url, headers=headers, params=params, content=content) as answer:
                body = _read_capped(answer)
        except NEVER_LEFT as error:
            raise Unreachable(f"{_host(url)} cannot be reached: {type(error).__name__}") from None
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise _doubt(f"{_host(url)} broke off: {type(error).__name__}", repeatable=repeatable) from None
        reply = HttpReply(
            status=answer.status_code, headers={k.lower(): v for k, v in answer.headers.items()}, body=body
        )
        _refuse_status(reply, url, repeatable=repeatable)
        return reply


def _read_capped(answer: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise httpx.StreamError("the answer is too long")
        parts.append(part)
    return b"".join(parts)


def _refuse_status(reply: HttpReply, url: str, *, repeatable: bool) -> None:
    if reply.status == 429:
        raise Throttled(f"{_host(url)} asks to slow down", code="429", retry_after=_retry_after(reply))
    if reply.status >= 500:
        raise _doubt(f"{_host(url)} answered {reply.status}", repeatable=repeatable, code=str(reply.status))
    if 300 <= reply.status < 400:
        raise BadSettings(f"{_host(url)} redirects elsewhere; redirects are not followed", code=str(reply.status))
    if reply.status in (401, 403) and "json" not in reply.headers.get("content-type", ""):
        raise BadSettings(f"{_host(url)} refuses the credentials", code=str(reply.status))


def _retry_after(reply: HttpReply) -> float | None:
    seconds = reply.headers.get("retry-after", "")
    return min(float(seconds), 86_400.0) if seconds.isascii() and seconds.isdigit() else None


def _doubt(message: str, *, repeatable: bool, code: str = "") -> Unknown | Unreachable:
    return Unreachable(message, code=code) if repeatable else Unknown(message, code=code)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or "the vendor"
    except httpx.InvalidURL:
        return "the vendor"
