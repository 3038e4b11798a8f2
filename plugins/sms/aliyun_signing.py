"""Aliyun's request signature ACS3-HMAC-SHA256, for calls in the RPC style. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def percent_encode(text: str) -> str:
    """RFC 3986: everything but letters, digits and `-_.~`."""
    return quote(text, safe="-_.~")


def canonical_query(query: Mapping[str, str]) -> str:
    """The query in the order and encoding that is signed, and sent."""
    return "&".join(f"{percent_encode(name)}={percent_encode(query[name])}" for name in sorted(query))


def canonical_request(method: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The text whose hash is signed; `headers` are those to sign, lower case, with x-acs-content-sha256."""
    lines = [f"{name}:{headers[name].strip()}" for name in sorted(headers)]
    parts = [method, "/", canonical_query(query), *lines, "", ";".join(sorted(headers))]
    return "\n".join([*parts, headers["x-acs-content-sha256"]])


def authorization(
    method: str, query: Mapping[str, str], headers: Mapping[str, str], *, key_id: str, secret: str
) -> str:
    """The value of the Authorization header."""
    hashed = hashlib.sha256(canonical_request(method, query, headers).encode()).hexdigest()
    signature = hmac.new(secret.encode(), f"{ALGORITHM}\n{hashed}".encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(sorted(headers))},Signature={signature}"


def signed_headers(
    *,
    action: str,
    version: str,
    host: str,
    query: Mapping[str, str],
    body: bytes,
    at: datetime,
    nonce: str,
    key_id: str,
    secret: str,
) -> dict[str, str]:
    """All headers of a POST, signed. The nonce is fresh for every request; `at` may be 15 minutes off at most."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-version": version,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    if body:
        headers["content-type"] = "application/x-www-form-urlencoded"
    return headers | {"authorization": authorization("POST", query, headers, key_id=key_id, secret=secret)}
