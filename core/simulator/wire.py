"""What goes over the wire: what a vendor is asked and replies, what it tells us, and how that was taken."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from pydantic import JsonValue


@dataclass(frozen=True)
class Asked:
    """A request to a vendor, as it arrived. `target` is path and query, still encoded; header names are lower case."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's fields."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body's fields, when it is a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def fields(self) -> dict[str, JsonValue]:
        """The body, when it is a JSON object. Raises ValueError when it is none."""
        told = json.loads(self.body)
        if not isinstance(told, dict):
            raise ValueError("the body is no JSON object")
        return told


@dataclass(frozen=True)
class Reply:
    """A vendor's answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


@dataclass(frozen=True)
class News:
    """Something that a vendor has to tell us.

    `what` names it on the page; `content` is the body before it is signed or sealed. It goes to `url`, or to the hook
    that was entered at the vendor for `label`, or to the vendor's only one; `after` so many seconds.
    """

    what: str
    content: bytes
    after: float = 1.0
    label: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Posting:
    """A callback, signed and ready to be sent."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"


@dataclass(frozen=True)
class Ack:
    """What was said to a callback; status 0 when nothing was, in the time that the vendor gives."""

    status: int
    body: bytes = b""
    took: float = 0.0
    trouble: str = ""


def say(told: JsonValue, status: int = 200) -> Reply:
    """An answer in JSON."""
    return Reply(dump(told), status)


def dump(told: JsonValue) -> bytes:
    """JSON as most vendors write it."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
