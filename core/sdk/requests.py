"""The way in: a request as it came, the reply that the vendor expects, and what a pull or a file brings."""

from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue

from core.sdk.events import Event
from core.sdk.values import Frozen, Instant, Key, Prose, Word


class Request(Frozen):
    """A webhook or a form as it came over the wire, stored before anybody reads it.

    `id` is minted by the host when it stores the request and `received_at` is taken then: use them, not the clock,
    where the source gives no id or time. Header names are lower case. `body` are the raw bytes that signatures
    are made over. The form of a landing arrives with `form` filled, and `code` and `placement_id` of its card.
    """

    id: Key
    received_at: Instant
    method: Word = "POST"
    query: tuple[tuple[Word, Prose], ...] = ()
    headers: dict[str, str] = {}
    body: bytes = b""
    form: dict[str, Prose] = {}
    code: Word | None = None
    placement_id: Word | None = None


class Answer(Frozen):
    """What to reply to the vendor, and whether the request is believed.

    A request that is not `accepted` is refused with `status` (set a 4xx) and never parsed. `reply` is sent as JSON,
    or as it is when it is a string. `dedup_key` names the delivery where the vendor repeats it under one id.
    `wants_pull` says that the request only tells *that* something changed: the host then pulls the channel at once.
    """

    accepted: bool
    status: int = Field(default=200, ge=200, le=499)
    reply: JsonValue = None
    dedup_key: Word | None = None
    wants_pull: bool = False


class Pulled(Frozen):
    """One page of a pull: its events, the cursor to come back with, and whether there is more right now."""

    events: tuple[Event, ...] = ()
    cursor: Prose | None = None
    has_more: bool = False


class BadRow(Frozen):
    """A row of an export that cannot be taken, in place of an event: its line, and why, without personal data."""

    type: Literal["bad_row"] = "bad_row"
    line: int
    reason: Prose


class SourceFile(Frozen):
    """A vendor's export, lying on disk for the time of the call; `name` is what the operator called it."""

    name: Word
    path: Path
