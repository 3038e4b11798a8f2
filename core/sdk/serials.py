"""Serials for printed cards: Crockford base32 that a person can type, with a check character.

85 random bits in 17 characters and one check character modulo 37, which catches every wrong character and every
swap of neighbours before anybody asks the database. Serials whose check would be one of the five marks outside
the alphabet are drawn again, so that all 18 characters are letters and digits.
"""

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARS = 17
LENGTH = RANDOM_CHARS + 1
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_DROPPED = str.maketrans(dict.fromkeys(" -_\u2013\u2014\u00b7."))


def new_serial(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A fresh serial in canonical form, 18 characters, of at least 80 random bits (84.8 after the redraws)."""
    while True:
        number = random_bits(5 * RANDOM_CHARS)
        check = number % 37
        if check < len(ALPHABET):
            chars = [ALPHABET[number >> (5 * place) & 31] for place in reversed(range(RANDOM_CHARS))]
            return "".join(chars) + ALPHABET[check]


def printed_serial(serial: str) -> str:
    """A canonical serial as it is printed: three groups of six with hyphens."""
    return "-".join(serial[start : start + 6] for start in range(0, len(serial), 6))


def read_serial(text: str) -> str | None:
    """What a person typed or a scanner read, as a canonical serial; None when it cannot be one.

    Case, width, spaces and hyphens do not matter; I and L are read as 1, O as 0. None always means mistyped: the
    check character does not fit, so no such serial was ever printed.
    """
    if len(text) > 100:
        return None
    cleaned = unicodedata.normalize("NFKC", text).upper().translate(_DROPPED).translate(_READ_AS)
    if len(cleaned) != LENGTH or any(char not in ALPHABET for char in cleaned):
        return None
    number = 0
    for char in cleaned[:-1]:
        number = number << 5 | ALPHABET.index(char)
    return cleaned if number % 37 == ALPHABET.index(cleaned[-1]) else None
