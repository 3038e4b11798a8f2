"""JSON pointers (RFC 6901): one place in a document, written as a path."""

from collections.abc import Iterator

from pydantic import JsonValue

LONGEST, DEEPEST, MOST = 300, 16, 200


def is_pointer(written: str) -> bool:
    """Whether a text is one: empty for the whole document, else steps that each begin with a slash."""
    return (not written or written.startswith("/")) and len(written) <= LONGEST and written.count("/") <= DEEPEST


def value_at(document: JsonValue, pointer: str) -> JsonValue:
    """What stands there; None where nothing does."""
    value = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 7 and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def list_pointers(document: JsonValue) -> dict[str, JsonValue]:
    """The places of a document that hold a text, a number or a flag, with it; of a list only its first item's."""
    found: dict[str, JsonValue] = {}
    for pointer, value in _leaves(document, "", 0):
        found[pointer] = value
        if len(found) >= MOST:
            break
    return found


def _leaves(value: JsonValue, pointer: str, depth: int) -> Iterator[tuple[str, JsonValue]]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _leaves(part, f"{pointer}/{step}", depth + 1)
    elif isinstance(value, list):
        if value:
            yield from _leaves(value[0], f"{pointer}/0", depth + 1)
    elif value is not None and pointer and len(pointer) <= LONGEST:
        yield pointer, value
