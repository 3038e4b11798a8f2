"""Reading what other systems send, whatever is in it: nothing here raises but `Refused`."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from core.sdk import Refused, local_instant

Thing = dict[str, JsonValue]
LONGEST = 200
YEARS = range(2000, 2200)


def read_thing(body: bytes | str) -> Thing:
    """The JSON object in a body. Raises `Refused` when it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("the body is no JSON", code="format") from None
    if not isinstance(told, dict):
        raise Refused("the body is no JSON object", code="format")
    return told


def part_of(told: Thing, *path: str) -> Thing:
    """The object at a path; empty where there is none."""
    for step in path:
        inner = told.get(step)
        told = inner if isinstance(inner, dict) else {}
    return told


def things_in(told: Thing, name: str) -> list[Thing]:
    """The objects in a list; what is none is left out."""
    found = told.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text_of(told: Thing, *names: str) -> str:
    """The first of these fields that holds a text or a whole number, as printable text; a number 0 names nothing."""
    for name in names:
        value = told.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value:
            value = str(value)
        if isinstance(value, str) and (cleaned := clean_text(value)):
            return cleaned
    return ""


def clean_text(text: str) -> str:
    """What can be stored of a text, at most 200 characters."""
    return "".join(char for char in text[: 2 * LONGEST] if char.isprintable()).strip()[:LONGEST]


def money_of(value: JsonValue) -> Decimal | None:
    """An amount in major units, as text or number; None for what is none. Negative ones stay negative."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        amount = Decimal(str(value).replace(",", "").strip().lstrip("¥￥$"))
    except InvalidOperation:
        return None
    return amount.normalize() + 0 if amount.is_finite() and abs(amount) < Decimal(10) ** 10 else None


def cents_of(value: JsonValue) -> Decimal | None:
    """An amount that is told in hundredths (分)."""
    amount = money_of(value)
    return amount / 100 if amount is not None else None


def moment_of(texts: Iterable[JsonValue]) -> datetime | None:
    """The first that is a moment: ISO with a zone, seconds or milliseconds since 1970, or local time of China."""
    return next((at for text in texts if (at := _moment(text)) is not None), None)


def _moment(value: JsonValue) -> datetime | None:
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    try:
        if text.isascii() and text.isdigit() and 9 <= len(text) <= 14:
            unit = 1 if len(text) > 11 else 1000
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text) * unit)
        at = datetime.fromisoformat(text.replace("/", "-"))
        if at.year not in YEARS:
            return None
        return at.astimezone(UTC) if at.tzinfo else local_instant(at.strftime("%Y-%m-%d %H:%M:%S"))
    except (ValueError, OverflowError):
        return None
