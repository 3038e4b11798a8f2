"""What a described interface calls us with: signed JSON, one item or many, each a receipt or a reply. Pure."""

import json
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import JsonValue

from core.sdk import local_instant

FIELDS = ("id", "phone", "text", "extend", "state", "provider_id", "key", "code", "reason", "parts", "at")
IN_BETWEEN = {"accepted", "queued", "sending", "sent", "submitted", "enroute", "acceptd"}
State = Literal["accepted", "delivered", "failed"]


def read_names(pairs: tuple[str, ...]) -> dict[str, str]:
    """Our field names with the paths at which the other side keeps them; unnamed ones are called the same."""
    named = {ours.strip(): theirs.strip() for ours, _, theirs in (pair.partition("=") for pair in pairs)}
    return {name: named.get(name, name) for name in FIELDS}


def items_at(body: bytes, path: str) -> list[JsonValue]:
    """The items of a webhook. ValueError when there are none."""
    try:
        value: JsonValue = json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, dict) else None
    items: list[JsonValue] = list(value) if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, dict) for item in items):
        raise ValueError("no items")
    return items


def read_state(said: str, delivered: tuple[str, ...], failed: tuple[str, ...]) -> State | None:
    """Our word for a state, None for one that nobody named."""
    folded = said.casefold()
    if folded in {word.casefold() for word in delivered}:
        return "delivered"
    if folded in {word.casefold() for word in failed}:
        return "failed"
    return "accepted" if folded in IN_BETWEEN else None


def read_moment(text: str, *, otherwise: datetime) -> datetime:
    """A time in any of the usual shapes: ISO with a zone, seconds or milliseconds since 1970, local time of China."""
    try:
        if text.isascii() and text.isdigit() and 9 <= len(text) <= 14:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
                milliseconds=int(text) * (1 if len(text) > 11 else 1000)
            )
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else local_instant(at.strftime("%Y-%m-%d %H:%M:%S"))
    except (ValueError, OverflowError):
        return otherwise
