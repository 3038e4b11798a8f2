"""Webhooks that are signed over their raw body: Shopify, WooCommerce, Meta, Xiaohongshu, TikTok, Kuaishou.

Each question is answered over the bytes as they came. An empty secret vouches for nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime

from core.sdk.signing.comparing import is_same

TIKTOK_TOLERANCE_SECONDS = 300


def is_from_shopify(body: bytes, signature: str, *, secrets: Collection[str]) -> bool:
    """X-Shopify-Hmac-Sha256: base64 of HMAC-SHA256. Two secrets while the app's is changed: that takes an hour."""
    return any(_is_base64_hmac(body, signature, secret) for secret in secrets)


def is_from_woocommerce(body: bytes, signature: str, *, secret: str) -> bool:
    """X-WC-Webhook-Signature: base64 of HMAC-SHA256."""
    return _is_base64_hmac(body, signature, secret)


def is_from_meta(body: bytes, signature: str, *, app_secret: str) -> bool:
    """X-Hub-Signature-256: `sha256=` and HMAC-SHA256 in hex."""
    return bool(app_secret) and is_same(signature, f"sha256={_hmac(app_secret, body, 'sha256').hex()}")


def is_from_xiaohongshu(body: bytes, signature: str, *, token: str) -> bool:
    """X-Red-Signature of the lead push: `sha1=` and HMAC-SHA1 in hex. As three public receivers do; no vendor page."""
    return bool(token) and is_same(signature, f"sha1={_hmac(token, body, 'sha1').hex()}")


def is_from_kuaishou(body: bytes, signature: str, *, app_secret: str) -> bool:
    """Header `kwaisign`: MD5 of body and secret, no HMAC."""
    digest = hashlib.md5(body + app_secret.encode(), usedforsecurity=False).hexdigest()
    return bool(app_secret) and is_same(signature.lower(), digest)


def is_from_tiktok(body: bytes, header: str, *, client_secret: str, at: datetime) -> bool:
    """Tiktok-Signature, `t=seconds,s=hex`: HMAC-SHA256 over time, dot and body; `at` is when it was received."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    second = parts.get("t", "")
    if not client_secret or not (second.isascii() and second.isdigit() and len(second) < 12):
        return False
    if abs(at.timestamp() - int(second)) > TIKTOK_TOLERANCE_SECONDS:
        return False
    return is_same(parts.get("s", ""), _hmac(client_secret, f"{second}.".encode() + body, "sha256").hex())


def is_signed_body(body: bytes, signature: str, *, secret: str) -> bool:
    """HMAC-SHA256 of the body as most other systems send it: hex or base64, with `sha256=` before it or without."""
    digest, given = _hmac(secret, body, "sha256"), signature.strip().removeprefix("sha256=")
    is_hex = is_same(given.lower(), digest.hex())
    return bool(secret) and (is_same(given, base64.b64encode(digest).decode()) or is_hex)


def _is_base64_hmac(body: bytes, signature: str, secret: str) -> bool:
    return bool(secret) and is_same(signature, base64.b64encode(_hmac(secret, body, "sha256")).decode())


def _hmac(secret: str, body: bytes, algorithm: str) -> bytes:
    return hmac.new(secret.encode(), body, algorithm).digest()
