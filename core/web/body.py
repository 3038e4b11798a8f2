"""Bodies are read and judged before a view sees them: size, encoding, depth, and what no database could keep."""

import json
import zlib
from typing import Any, NoReturn

from flask import Request, request
from pydantic import BaseModel, ConfigDict

from core.errors import Malformed, TooLarge, UnsupportedType

MEGABYTE = 1 << 20
BODY_LIMIT = MEGABYTE
DEEPEST = 32
LARGEST_INT = 2**63 - 1
INFLATE_RATIO = 100


class Body(BaseModel):
    """The base of request bodies: unknown fields are refused by name, and so are NaN and Infinity."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, str_max_length=100_000)


class StrictRequest(Request):
    """A request whose JSON is read strictly and only once, whatever the caller of `get_json` asks for."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The parsed body; raises our errors instead of answering None."""
        if "siyu.json" not in self.environ:
            if not self.is_json:
                raise UnsupportedType("Send JSON with Content-Type: application/json.")
            self.environ["siyu.json"] = parse_json(read_body(BODY_LIMIT))
        return self.environ["siyu.json"]


def read_body(limit: int) -> bytes:
    """The request's raw bytes, gunzipped if it says so, never more than `limit` of them.

    Raises:
        TooLarge: the body, or what it inflates to, is over the limit or inflates suspiciously.
        Malformed: it is not the gzip it says to be.
    """
    request.max_content_length = limit
    raw = request.get_data()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "identity":
        return raw
    if encoding != "gzip":
        raise UnsupportedType(f"Content-Encoding {encoding[:20]} is not taken here; send gzip or none.")
    return _gunzip(raw, min(limit, max(len(raw), 1) * INFLATE_RATIO))


def _gunzip(raw: bytes, limit: int) -> bytes:
    inflate = zlib.decompressobj(wbits=31)
    try:
        plain = inflate.decompress(raw, limit + 1)
    except zlib.error:
        raise Malformed("The body is not valid gzip.") from None
    if len(plain) > limit:
        raise TooLarge(f"The body inflates to more than {limit} bytes.")
    if not inflate.eof:
        raise Malformed("The gzip body is cut off.")
    return plain


def parse_json(raw: bytes) -> object:
    """JSON that can be stored: UTF-8, finite numbers within 64 bits, depth at most 32, no NUL, no lone surrogate.

    Raises:
        Malformed: says what is wrong and where.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8 (byte {error.start}).") from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_int)
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at line {error.lineno} column {error.colno}.") from None
    except RecursionError:
        raise Malformed(f"The body is nested deeper than {DEEPEST}.") from None
    if "\\u" in text or "\0" in text or text.count("[") + text.count("{") > DEEPEST:
        _judge(value, 1)
    return value


def _judge(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed(f"The body is nested deeper than {DEEPEST}.")
    if isinstance(value, str):
        refuse_unstorable(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key)
            _judge(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _judge(item, depth + 1)


def refuse_unstorable(text: str) -> None:
    """Raise `Malformed` for text with NUL or a lone surrogate, which no database keeps."""
    if "\0" in text:
        raise Malformed("The body has a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed("The body has a lone surrogate, which is no character.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not a JSON number.")


def _parse_int(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > LARGEST_INT:
        raise Malformed(f"The number {digits[:24]} is out of range.")
    return int(digits)
