"""The lot: which arm a contact falls into, the same for ever, and independent between experiments. No database here."""

import hmac
from hashlib import sha256

from core.experiments.models import HELD_OUT, TREATED

SCALE = 1 << 64


def draw_arm(key: bytes, contact: int, *, share: float) -> str:
    """The arm of a contact number: HMAC-SHA256 under the experiment's own key, its first 64 bits as a fraction of one,
    below `share` is held out."""
    digest = hmac.digest(key, str(contact).encode(), sha256)
    return HELD_OUT if int.from_bytes(digest[:8], "big") < round(share * SCALE) else TREATED
