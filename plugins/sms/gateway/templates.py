"""Filling the address, the headers and the body of a described interface, each value escaped for where it stands."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, quote_plus

BODY_NAMES = ("phone", "national", "text", "key", "group", "signature", "secret")
HEADER = r"^[A-Za-z][A-Za-z0-9-]{0,59}$"
SLOT = re.compile(r"\$\{([^}]*)\}")
RESERVED = {"host", "content-length", "transfer-encoding", "connection"}
Values = Mapping[str, str]


def fill_url(template: str, values: Values) -> str:
    """The address, every value percent-encoded."""
    return _fill(template, values, lambda value: quote(value, safe=""))


def fill_header(line: str, values: Values) -> tuple[str, str]:
    """A header's name and value. A value that would begin another header raises ValueError."""
    name, _, value = line.partition(":")
    filled = _fill(value.strip(), values, lambda text: text)
    if not filled.isascii() or any(not char.isprintable() for char in filled):
        raise ValueError("a header holds plain characters only")
    return name.strip().lower(), filled


def fill_body(template: str, values: Values, *, style: str) -> bytes:
    """The body, every value escaped as JSON text or as a form's value."""
    escape = _in_json if style == "json" else quote_plus
    return _fill(template, values, escape).encode("utf-8", "replace")


def find_account_problem(url: str, headers: Sequence[str], body: str, body_style: str, method: str) -> str:
    """What does not fit in the description of an interface, naming the field; empty when all is well."""
    for field, text in (("url", url), ("body", body), ("headers", "\n".join(headers))):
        unknown = set(SLOT.findall(text)) - set(BODY_NAMES)
        if unknown:
            return f"{field}: unknown placeholder; there are {', '.join('${' + name + '}' for name in BODY_NAMES)}"
    for line in headers:
        name = line.partition(":")[0].strip()
        if ":" not in line or not re.fullmatch(HEADER, name) or name.lower() in RESERVED:
            return "headers: write Name: value, and leave host and lengths to us"
    if method != "GET" and body_style == "json" and body:
        try:
            json.loads(fill_body(body, dict.fromkeys(BODY_NAMES, "x") | {"national": "1"}, style="json"))
        except ValueError:
            return 'body: not JSON; values stand in quotation marks, such as "${phone}"'
    carried = url + (body if method != "GET" else "")
    if "${text}" not in carried or not {"${phone}", "${national}"} & {f"${{{name}}}" for name in SLOT.findall(carried)}:
        return "body: ${text} and ${phone} (or ${national}) must be in the address or the body"
    return ""


def _fill(template: str, values: Values, escape: Callable[[str], str]) -> str:
    return SLOT.sub(lambda slot: escape(values.get(slot[1], "")), template)


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]
