"""Any system's JSON by the operator's field names: our words on the left, paths into their JSON on the right."""

from collections.abc import Mapping, Sequence
from typing import get_args

from pydantic import JsonValue

from core.sdk import TouchKind
from core.sdk import vendor_json as told

FIELDS = (
    *("id", "kind", "at", "open_id", "unionid", "phone", "name", "text", "spoken"),
    *("room_id", "host_id", "host", "order_no", "state", "amount", "refund", "currency", "code"),
)
KINDS = tuple(kind for kind in get_args(TouchKind) if not kind.startswith("message_") and kind != "conversion")


def find_pair_problem(
    field: str, pairs: Sequence[str], *, ours: Sequence[str] = (), theirs: Sequence[str] = ()
) -> str | None:
    """What is wrong with pairs as left=right, for the operator; `ours` and `theirs` are what may stand there."""
    for pair in pairs:
        left, _, right = (part.strip() for part in pair.partition("="))
        if not left or not right:
            return f"{field}: write each as left=right"
        if ours and left not in ours:
            return f"{field}: what stands on the left is one of {', '.join(ours)}"
        if theirs and right not in theirs:
            return f"{field}: what stands on the right is one of {', '.join(theirs)}"
    return None


def read_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """Left -> right."""
    return {left.strip(): right.strip() for left, _, right in (pair.partition("=") for pair in pairs)}


def read_items(value: JsonValue, path: str) -> list[dict[str, JsonValue]]:
    """The items of a body: the list at `path`, a list itself, or the one object that it is."""
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, dict) else None
    return told.items(value) if isinstance(value, list) else told.items([value])


def read_fields(item: JsonValue, names: Mapping[str, str]) -> dict[str, str]:
    """Our fields of one item; unnamed ones are looked for under our own name."""
    return {field: _text_at(item, names.get(field, field)) for field in FIELDS}


def _text_at(value: JsonValue, path: str) -> str:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return told.plain_text(value)
