"""Vendors' JSON read without trust: the text, list or object wanted, or an empty one, whatever stands there."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite

from pydantic import JsonValue

from core.sdk.failures import Refused
from core.sdk.moments import local_instant

LONGEST_WORD = 500
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # the years 2000 to 2100, in seconds
_LAYOUTS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
FUTURE_ALLOWED = timedelta(minutes=5)


def load_json(body: bytes) -> JsonValue:
    """The body as JSON. Raises `Refused` for what is none, or is nested too deeply."""
    try:
        loaded: JsonValue = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("the body is not JSON", code="json") from None
    return loaded


def inner(value: JsonValue, *names: str) -> dict[str, JsonValue]:
    """The object under these names, one inside the other; empty where there is none. Without names: the value."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def items(value: JsonValue) -> list[dict[str, JsonValue]]:
    """The objects of a list; everything else in it is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(place: Mapping[str, JsonValue], *names: str, limit: int = LONGEST_WORD) -> str:
    """The first of these fields that says something, as a text that can be stored, cut at `limit`.

    Ids that a vendor sends as numbers keep every digit; a true or false is no text.
    """
    for name in names:
        if found := plain_text(place.get(name), limit=limit):
            return found
    return ""


def plain_text(value: JsonValue, *, limit: int = LONGEST_WORD) -> str:
    """A text or a number as a text without NUL, surrogates and outer spaces; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    if isinstance(value, int) and value.bit_length() > 128:
        return ""
    if isinstance(value, float):
        if not isfinite(value):
            return ""
        value = int(value) if value.is_integer() and abs(value) < 2**53 else value
    written = str(value)[: 4 * limit]
    return "".join(char for char in written if char != "\x00" and not "\ud800" <= char <= "\udfff").strip()[:limit]


def moment(value: JsonValue, *, received_at: datetime) -> datetime:
    """An instant as vendors write it: seconds, milliseconds, ISO, or local time of China without a zone.

    What cannot be read, or lies in the future, is the moment of arrival.
    """
    written = plain_text(value)
    found = _from_number(written) if written.isascii() and written.isdigit() else _from_text(written)
    return found if found and found <= received_at + FUTURE_ALLOWED else received_at


def _from_number(digits: str) -> datetime | None:
    number = int(digits) if len(digits) <= 16 else 0
    for unit in (1, 1_000, 1_000_000):
        if _EARLIEST <= number // unit < _LATEST:
            return datetime.fromtimestamp(number / unit, UTC)
    return None


def _from_text(written: str) -> datetime | None:
    for layout in _LAYOUTS:
        try:
            return local_instant(written, layout=layout)
        except (ValueError, OverflowError):
            continue
    try:
        found = datetime.fromisoformat(written)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
