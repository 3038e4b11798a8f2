"""The Segment protocol's calls: what an SDK may send, judged item by item so that one bad call costs only itself."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal, NoReturn

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from core.errors import Malformed, TooLarge
from core.ingest.reasons import Reason, Refused

BATCH_BYTES = 5 * 1024 * 1024
CALL_BYTES = 32 * 1024
MOST_CALLS = 5_000
DEEPEST = 32
TYPES = ("track", "identify", "page", "screen", "group", "alias")


def _number_as_text(value: object) -> object:
    """SDKs in loosely typed languages send numeric user ids."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[Annotated[str, Field(max_length=255)] | None, BeforeValidator(_number_as_text)]
Text = Annotated[str, Field(max_length=255)] | None


class Call(BaseModel):
    """One call of an SDK; parts that we do not use are kept in the stored raw text only."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, allow_inf_nan=False, alias_generator=to_camel
    )

    type: Literal["track", "identify", "page", "screen", "group", "alias"]
    message_id: Annotated[str, Field(min_length=1, max_length=200)]
    user_id: Name = None
    anonymous_id: Name = None
    previous_id: Name = None
    group_id: Name = None
    event: Text = None
    name: Text = None
    timestamp: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None
    properties: dict[str, object] | None = None
    traits: dict[str, object] | None = None
    context: dict[str, object] | None = None

    @model_validator(mode="after")
    def _check_parts(self) -> "Call":
        if not (self.user_id or self.anonymous_id or self.previous_id):
            raise ValueError("userId or anonymousId is required")
        if self.type == "track" and not self.event:
            raise ValueError("event is required")
        if self.type == "group" and not self.group_id:
            raise ValueError("groupId is required")
        if self.type == "alias" and not (self.user_id and self.previous_id):
            raise ValueError("userId and previousId are required")
        return self


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that can be stored: `raw` is its canonical text, with the batch's `sentAt` where it had none."""

    index: int
    call: Call
    raw: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """A call that cannot be used; `raw` is what can be kept of it, for whoever looks into it."""

    index: int
    reason: Reason
    raw: bytes


def read_calls(raw: bytes, *, only: str | None = None) -> tuple[list[Accepted], list[Rejected]]:
    """The calls of a body: a batch, or with `only` a single call of that type.

    Raises:
        Malformed, TooLarge: the body as a whole cannot be read.
    """
    body = _load(raw)
    if not isinstance(body, dict):
        raise Malformed("The body must be a JSON object.")
    if only is not None:
        return _judge_all([body | {"type": only}], sent_at=None)
    calls = body.get("batch")
    if not isinstance(calls, list):
        raise Malformed("The body needs a list named batch.")
    if len(calls) > MOST_CALLS:
        raise TooLarge(f"A batch takes at most {MOST_CALLS} calls.")
    return _judge_all(calls, sent_at=body.get("sentAt"))


def _judge_all(calls: list[object], *, sent_at: object) -> tuple[list[Accepted], list[Rejected]]:
    accepted: list[Accepted] = []
    rejected: list[Rejected] = []
    for index, item in enumerate(calls):
        try:
            accepted.append(_judge_call(index, item, sent_at))
        except Refused as refused:
            kept = json.dumps(item, default=lambda _: "not finite")[:CALL_BYTES]
            rejected.append(Rejected(index, refused.reason, kept.encode()))
    return accepted, rejected


def _judge_call(index: int, item: object, sent_at: object) -> Accepted:
    if not isinstance(item, dict):
        raise Refused("not_object")
    filled = {"sentAt": sent_at, **item} if isinstance(sent_at, str) else item
    raw = _write_out(filled)
    if len(raw) > CALL_BYTES:
        raise Refused("message_too_large", limit=CALL_BYTES)
    if not filled.get("messageId"):  # a call without an id is known by all that it says
        return _judge_call(index, {**filled, "messageId": f"sha256:{sha256(raw).hexdigest()}"}, sent_at)
    try:
        return Accepted(index, Call.model_validate(filled), raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or str(filled.get("type", "call"))
        raise Refused("bad_message", field=field[:60], problem=first["msg"].removeprefix("Value error, ")) from None


_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def _write_out(call: dict[str, object]) -> bytes:
    """The canonical text of a call. What no database keeps shows in the text or stops the writing, and only then are
    all of the call's values looked at one by one, which takes longer than all the rest."""
    try:
        text = _canonical(call)
        raw = text.encode()
        is_plain = "\\u0000" not in text and "e+" not in text and text.count("{") + text.count("[") <= DEEPEST
    except (TypeError, ValueError, RecursionError):
        is_plain = False
    if not is_plain:
        _judge_value(call, 1)
        raw = _canonical(call).encode()
    return raw


class _NotFinite:
    """Stands where NaN or Infinity stood, until its call is refused."""


def _load(raw: bytes) -> object:
    try:
        return json.loads(raw.decode(), parse_constant=lambda _name: _NotFinite(), parse_int=_whole_number)
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8 (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at line {error.lineno} column {error.colno}.") from None
    except RecursionError:
        raise Malformed(f"The body is nested deeper than {DEEPEST}.") from None


def _whole_number(digits: str) -> object:
    return int(digits) if len(digits) <= 18 else _NotFinite()


def _judge_value(value: object, depth: int) -> None:
    """Refuse what no database keeps: NUL, halves of characters, NaN, numbers beyond 64 bits, endless nesting."""
    if depth > DEEPEST:
        _refuse(f"nested deeper than {DEEPEST}")
    if isinstance(value, str):
        if "\0" in value:
            _refuse("holds a NUL character")
        if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
            _refuse("holds half of a character")
    elif isinstance(value, dict):
        for key, item in value.items():
            _judge_value(key, depth)
            _judge_value(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _judge_value(item, depth + 1)
    elif isinstance(value, _NotFinite) or (isinstance(value, float) and (value != value or abs(value) > 1e300)):
        _refuse("holds a number that is not finite or too large")


def _refuse(problem: str) -> NoReturn:
    raise Refused("bad_message", field="call", problem=problem)
