"""Tencent Cloud's request signature TC3-HMAC-SHA256: the key is derived anew for each day and service."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

TC3 = "TC3-HMAC-SHA256"


def canonical_request(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> str:
    """The text whose hash is signed. All of `headers` are signed, names and values lower case.

    `query` is the address's, as it is sent; empty for a POST.
    """
    signed = {name.lower(): value.strip().lower() for name, value in headers.items()}
    lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
    parts = [method.upper(), path or "/", query, *lines, "", ";".join(sorted(signed))]
    return "\n".join([*parts, hashlib.sha256(body).hexdigest()])


def string_to_sign(canonical: str, *, at: datetime, service: str) -> str:
    """The text that is signed: the algorithm, the second, the scope and the request's hash."""
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{TC3}\n{int(at.timestamp())}\n{_day(at)}/{service}/tc3_request\n{hashed}"


def tc3_authorization(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    at: datetime,
    service: str,
    key_id: str,
    secret: str,
) -> str:
    """The value of the Authorization header; the vendor allows `at` to be 5 minutes off."""
    text = string_to_sign(canonical_request(method, path, query, headers, body), at=at, service=service)
    key = _chain(f"TC3{secret}".encode(), _day(at), service, "tc3_request")
    names = ";".join(sorted(name.lower() for name in headers))
    scope = f"{key_id}/{_day(at)}/{service}/tc3_request"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"{TC3} Credential={scope}, SignedHeaders={names}, Signature={signature}"


def tc3_headers(
    *, action: str, version: str, region: str, host: str, body: bytes, at: datetime, key_id: str, secret: str
) -> dict[str, str]:
    """All headers of a POST with a JSON body, signed."""
    signed = {"content-type": "application/json; charset=utf-8", "host": host, "x-tc-action": action}
    authorization = tc3_authorization(
        "POST", "/", "", signed, body, at=at, service=host.partition(".")[0], key_id=key_id, secret=secret
    )
    rest = {"x-tc-version": version, "x-tc-timestamp": str(int(at.timestamp())), "authorization": authorization}
    return signed | rest | ({"x-tc-region": region} if region else {})


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d")


def _chain(key: bytes, *parts: str) -> bytes:
    for part in parts:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
