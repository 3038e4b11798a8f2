"""Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, several signatures for the time of a key's change."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from core.sdk.signing.comparing import is_same

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


def sign_webhook(secret: str, *, message_id: str, at: datetime, body: bytes) -> str:
    """One signature of the header `webhook-signature`, such as `v1,g0hM9...`. ValueError for a secret that is none."""
    return _sign(_key(secret), message_id, str(int(at.timestamp())), body)


def is_standard_webhook(
    secret: str, *, message_id: str, timestamp: str, signatures: str, body: bytes, at: datetime
) -> bool:
    """Whether a delivery is genuine and fresh.

    Arguments are the three headers as they came, the raw body, and when it was received. Any of the signatures of
    version 1 may match; those of other versions are passed over.
    """
    if not message_id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(at.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    try:
        expected = _sign(_key(secret), message_id, timestamp, body)
    except ValueError:
        return False
    return any(is_same(one, expected) for one in signatures.split())


def _sign(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    text = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a webhook secret is whsec_ and base64") from None
    if not key:
        raise ValueError("a webhook secret is whsec_ and base64")
    return key
