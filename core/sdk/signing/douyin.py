"""Douyin's and Oceanengine's signatures: open-platform webhooks, live data, local life, and pulls of leads."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from core.sdk.signing.comparing import is_same

LIVE_HEADERS = ("x-msg-type", "x-nonce-str", "x-roomid", "x-timestamp")


def is_from_douyin(body: bytes, signature: str, *, client_secret: str) -> bool:
    """X-Douyin-Signature of an open-platform webhook: SHA-1 of secret and body, no HMAC."""
    digest = hashlib.sha1(client_secret.encode() + body, usedforsecurity=False).hexdigest()
    return bool(client_secret) and is_same(signature.lower(), digest)


def is_live_push(body: bytes, headers: Mapping[str, str], *, secret: str) -> bool:
    """`x-signature` of live comments, gifts and likes: base64 of MD5 over four headers, body and secret.

    `headers` are lower case, as in a `Request`.
    """
    pairs = "&".join(f"{name}={headers.get(name, '')}" for name in LIVE_HEADERS)
    text = pairs.encode("utf-8", "replace") + body + secret.encode()
    digest = base64.b64encode(hashlib.md5(text, usedforsecurity=False).digest()).decode()
    return bool(secret) and is_same(headers.get("x-signature", ""), digest)


def is_from_local_life(body: bytes, query: Mapping[str, str], signature: str, *, client_secret: str) -> bool:
    """`x-life-sign` of 生活服务: SHA-256 of secret, sorted query without `sign`, and the body if there is one."""
    pairs = [f"{name}={query[name]}" for name in sorted(query) if name != "sign"]
    if body:
        pairs.append("http_body=" + body.decode("utf-8", "replace"))
    text = "&".join([client_secret, *pairs]).encode("utf-8", "replace")
    return bool(client_secret) and is_same(signature.lower(), hashlib.sha256(text).hexdigest())


def sign_feiyu_pull(path: str, *, start: int, end: int, timestamp: int, key: str) -> str:
    """`Signature` of Oceanengine's legacy Feiyu pull: base64 of the hex text of HMAC-SHA256; paging is not signed."""
    text = f"{path}?start_time={start}&end_time={end} {timestamp}"
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().encode()).decode()
