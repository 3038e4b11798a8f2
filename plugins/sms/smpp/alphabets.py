"""A text as octets of a short message, in one or several parts: the GSM alphabet where it fits, UCS-2 otherwise."""

from typing import NamedTuple

from plugins.sms.wording import is_gsm7

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
ESCAPE = 0x1B
DEFAULT, LATIN1, UCS2 = 0, 3, 8
WHOLE, PIECE = {DEFAULT: 160, UCS2: 140}, {DEFAULT: 153, UCS2: 134}
"""Octets that one message, and each of several, may have; the octet of a GSM character is sent unpacked."""

_OCTETS = {char: bytes((place,)) for place, char in enumerate(BASIC)} | {
    char: bytes((ESCAPE, place)) for char, place in EXTENDED.items()
}
_EXTENSION = {place: char for char, place in EXTENDED.items()}


class Written(NamedTuple):
    """A text's octets: whole, and cut for messages of one part or several, no character cut in two."""

    data_coding: int
    parts: tuple[bytes, ...]

    @property
    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)


def write_text(text: str) -> Written:
    """Encode and cut."""
    coding = DEFAULT if is_gsm7(text) else UCS2
    units = [_OCTETS[char] if coding == DEFAULT else char.encode("utf-16-be", "surrogatepass") for char in text]
    if sum(map(len, units)) <= WHOLE[coding]:
        return Written(coding, (b"".join(units),))
    parts, part = [], b""
    for unit in units:
        if len(part) + len(unit) > PIECE[coding]:
            parts.append(part)
            part = b""
        part += unit
    return Written(coding, (*parts, part))


def read_text(content: bytes, data_coding: int) -> str:
    """What a phone wrote; octets that mean nothing become U+FFFD."""
    if data_coding == UCS2:
        return content.decode("utf-16-be", "replace")
    if data_coding != DEFAULT:
        return content.decode("latin-1")
    text, octets = "", iter(content)
    for octet in octets:
        if octet == ESCAPE:
            text += _EXTENSION.get(next(octets, 0), "\ufffd")
        else:
            text += BASIC[octet] if octet < len(BASIC) else "\ufffd"
    return text


def head_of(reference: int, total: int, number: int) -> bytes:
    """The user data header of one part: 05 00 03 reference total number."""
    return bytes((5, 0, 3, reference & 0xFF, total, number))


def cut_head(content: bytes) -> tuple[tuple[int, int, int] | None, bytes]:
    """Reference, total and number of a part that a phone sent, and the content behind the header."""
    size = content[0] + 1 if content else 1
    head, rest = content[1:size], content[size:]
    while len(head) >= 2:
        kind, length = head[0], head[1]
        value, head = head[2 : 2 + length], head[2 + length :]
        if kind == 0 and len(value) == 3:
            return (value[0], value[1], value[2]), rest
        if kind == 8 and len(value) == 4:
            return (value[0] << 8 | value[1], value[2], value[3]), rest
    return None, rest
