"""The serials of a placement's cards, which are not stored but derived, so that a lost sheet can be printed again.

The database holds only what is needed to recognise a serial when it comes back.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable
from itertools import count

from core.sdk.serials import new_serial


def card_serial(key: bytes, placement: uuid.UUID, number: int) -> str:
    """The serial of the placement's card `number`: always the same one, and as good as random without the key."""
    return new_serial(_keyed_bits(key, placement.bytes + number.to_bytes(8, "big")))


def _keyed_bits(key: bytes, label: bytes) -> Callable[[int], int]:
    draws = count()

    def draw(bits: int) -> int:
        message = label + next(draws).to_bytes(4, "big")
        return int.from_bytes(hmac.digest(key, message, hashlib.sha256), "big") >> (256 - bits)

    return draw
