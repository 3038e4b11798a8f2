"""The text of a tracked link: eight random characters, and six more when it was made for one recipient.

The recipient part is a keyed permutation of the delivery's number with nine check bits inside, so it is read back
without a look-up, and a neighbour's code cannot be counted up to.
"""

import hashlib
import secrets
import string

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX = "/t/"
SCANNED = "q"
"""The query that printed QR codes carry, `/t/<code>?q`, which tells a scan from a click."""

LINK_CHARACTERS = 8
RECIPIENT_CHARACTERS = 6

_VALUE = {character: value for value, character in enumerate(BASE62)}
_SPACE = 62**RECIPIENT_CHARACTERS
_CHECK = 512  # a guessed recipient part is believed once in 512 times
MOST_DELIVERIES = _SPACE // _CHECK
_HALF_BITS = 18  # two halves hold 2**36 values, of which 83 % lie below _SPACE
_HALF = (1 << _HALF_BITS) - 1
_ROUNDS = 6


def new_link_code() -> str:
    """Eight random characters; at ten guesses a second against a million links, a hit takes months."""
    return "".join(secrets.choice(BASE62) for _ in range(LINK_CHARACTERS))


def split_code(text: str) -> tuple[str, str] | None:
    """The link part and the recipient part ("" for a shared link), or None for what cannot be a code."""
    if len(text) not in (LINK_CHARACTERS, LINK_CHARACTERS + RECIPIENT_CHARACTERS):
        return None
    if not (text.isascii() and text.isalnum()):
        return None
    return text[:LINK_CHARACTERS], text[LINK_CHARACTERS:]


def recipient_part(key: bytes, link: str, number: int) -> str:
    """The six characters that name delivery `number` behind this link.

    Raises:
        ValueError: the number does not fit (about 111 million are possible).
    """
    if not 0 <= number < MOST_DELIVERIES:
        raise ValueError(f"A delivery number lies between 0 and {MOST_DELIVERIES - 1}.")
    value = number * _CHECK
    while True:  # walk the permutation of 2**36 values until it lands in 62**6; 1.2 steps on average
        value = _permute(key, link, value)
        if value < _SPACE:
            return _to_text(value)


def recipient_number(key: bytes, link: str, part: str) -> int | None:
    """The delivery's number, or None for a part that was not made with this key for this link."""
    if len(part) != RECIPIENT_CHARACTERS or not all(character in _VALUE for character in part):
        return None
    value = _to_number(part)
    while True:
        value = _unpermute(key, link, value)
        if value < _SPACE:
            break
    number, check = divmod(value, _CHECK)
    return number if check == 0 and number < MOST_DELIVERIES else None


def _permute(key: bytes, link: str, value: int) -> int:
    left, right = value >> _HALF_BITS, value & _HALF
    for turn in range(_ROUNDS):
        left, right = right, left ^ _round(key, link, turn, right)
    return left << _HALF_BITS | right


def _unpermute(key: bytes, link: str, value: int) -> int:
    left, right = value >> _HALF_BITS, value & _HALF
    for turn in reversed(range(_ROUNDS)):
        left, right = right ^ _round(key, link, turn, left), left
    return left << _HALF_BITS | right


def _round(key: bytes, link: str, turn: int, half: int) -> int:
    message = b"%d|%d|%b" % (turn, half, link.encode())
    return int.from_bytes(hashlib.blake2b(message, key=key, digest_size=4).digest(), "big") & _HALF


def _to_text(value: int) -> str:
    characters = []
    for _ in range(RECIPIENT_CHARACTERS):
        value, digit = divmod(value, 62)
        characters.append(BASE62[digit])
    return "".join(reversed(characters))


def _to_number(part: str) -> int:
    value = 0
    for character in part:
        value = value * 62 + _VALUE[character]
    return value
