"""HTTP to the API: one client a process, one small cache a session, and errors that pages know how to draw."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from admin_ui import settings
from admin_ui.shapes.web import FieldProblem, Problem

T = TypeVar("T", bound=BaseModel)

Query = Mapping[str, str | int | bool | None]

FRESH_SECONDS = 20.0
KEPT_ANSWERS = 40


class ApiError(Exception):
    """The API said no, or said something this page cannot read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title or problem.code)
        self.problem = problem

    @property
    def fields(self) -> tuple[FieldProblem, ...]:
        """The bad fields of a form, if that is what is wrong."""
        return tuple(self.problem.errors)


class Expired(ApiError):
    """Nobody is signed in any more."""


class Forbidden(ApiError):
    """The role does not allow this."""


class NotThere(ApiError):
    """Nothing by this id, or nothing the reader may see."""


class Unreachable(ApiError):
    """The API does not answer."""


@dataclass(frozen=True)
class Kept:
    """An answer kept for a short while, with what the server needs to say "unchanged"."""

    at: float
    etag: str
    body: bytes


@dataclass
class Cache:
    """The last answers of one reader; lives in the session, so that two readers never share one."""

    entries: OrderedDict[str, Kept] = field(default_factory=OrderedDict)

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer and drop the oldest beyond the limit."""
        self.entries[key] = kept
        self.entries.move_to_end(key)
        while len(self.entries) > KEPT_ANSWERS:
            self.entries.popitem(last=False)


@dataclass(frozen=True)
class Download:
    """Bytes of a file and their type."""

    content: bytes
    media_type: str


@cache
def transport() -> httpx.Client:
    """The process's connection pool; it holds no tenant data."""
    return httpx.Client(base_url=settings.current().api_url, timeout=httpx.Timeout(30.0, connect=3.0))


@dataclass(frozen=True)
class Api:
    """The API as one reader sees it; `site` is its address in the reader's browser."""

    token: str
    cache: Cache
    site: str = ""

    def read(self, shape: type[T], path: str, query: Query | None = None, *, fresh: bool = False) -> T:
        """GET, from the session's cache while it is fresh."""
        key = f"{self.token}|{path}|{sorted((query or {}).items())}"
        kept = self.cache.entries.get(key)
        if kept and not fresh and time.monotonic() - kept.at < FRESH_SECONDS:
            return _parsed(shape, kept.body, path)
        answer = self._call("GET", path, query=query, etag=kept.etag if kept else "")
        if answer.status_code == httpx.codes.NOT_MODIFIED and kept:
            body, etag = kept.body, kept.etag
        else:
            body, etag = answer.content, answer.headers.get("etag", "")
        self.cache.put(key, Kept(time.monotonic(), etag, body))
        return _parsed(shape, body, path)

    def send(
        self, shape: type[T], method: str, path: str, body: object = None, *, query: Query | None = None, once: str = ""
    ) -> T:
        """POST, PUT, PATCH or DELETE; `once` is the idempotency key. What was read before counts as stale."""
        answer = self._call(method, path, query=query, body=body, once=once)
        self.cache.entries.clear()
        return _parsed(shape, answer.content or b"{}", path)

    def download(self, path: str, query: Query | None = None) -> Download:
        """A small file: a QR picture, a table of rejects."""
        answer = self._call("GET", path, query=query)
        return Download(answer.content, answer.headers.get("content-type", "application/octet-stream"))

    def _call(
        self, method: str, path: str, *, query: Query | None = None, body: object = None, etag: str = "", once: str = ""
    ) -> httpx.Response:
        headers = {"Accept": "application/json, */*", **_named(self.site)}
        # httpx refuses a header that ends in a space, so an absent token must be an absent header.
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if etag:
            headers["If-None-Match"] = etag
        if once:
            headers["Idempotency-Key"] = once
            # The API keeps answers to JSON requests only, so that a bare POST carries an empty object.
            body = {} if body is None else body
        params = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        try:
            answer = transport().request(method, path, params=params, json=body, headers=headers)
        except httpx.TransportError as error:
            raise Unreachable(Problem(code="unreachable", detail=type(error).__name__)) from error
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise _error(answer)
        return answer


def _named(site: str) -> dict[str, str]:
    """Links, cards and invitations that the API makes must stand on the scheme and host the reader's browser uses."""
    parts = urlsplit(site)
    if not parts.netloc:
        return {}
    return {"Host": parts.netloc, "X-Forwarded-Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}


def _error(answer: httpx.Response) -> ApiError:
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        problem = Problem(code="unreadable", detail=answer.reason_phrase)
    if not problem.request_id:
        problem = problem.model_copy(update={"request_id": answer.headers.get("x-request-id", "")})
    problem = problem.model_copy(update={"status": answer.status_code})
    kinds: dict[int, type[ApiError]] = {401: Expired, 403: Forbidden, 404: NotThere, 502: Unreachable, 503: Unreachable}
    return kinds.get(answer.status_code, ApiError)(problem)


def _parsed(shape: type[T], body: bytes, path: str) -> T:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors()[:3])
        raise ApiError(Problem(code="unexpected_answer", detail=f"{path}: {places}")) from error
