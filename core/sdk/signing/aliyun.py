"""Aliyun's request signatures: ACS3-HMAC-SHA256 (in use) and the older RPC style with HMAC-SHA1."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"


def percent_encode(text: str) -> str:
    """RFC 3986: everything but letters, digits and `-_.~`."""
    return quote(text, safe="-_.~")


def canonical_query(query: Mapping[str, str]) -> str:
    """The query in the order and encoding that is signed, and sent."""
    return "&".join(f"{percent_encode(name)}={percent_encode(query[name])}" for name in sorted(query))


def canonical_request(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The text whose hash ACS3 signs.

    Of `headers` those are signed that the vendor wants: `host`, `content-type` and all `x-acs-*`, the last with
    `x-acs-content-sha256`, the hash of the body.
    """
    signed = _signed(headers)
    lines = [f"{name}:{signed[name]}" for name in sorted(signed)]
    parts = [method.upper(), quote(path or "/", safe="/-_.~%"), canonical_query(query), *lines, ""]
    return "\n".join([*parts, ";".join(sorted(signed)), signed["x-acs-content-sha256"]])


def acs3_authorization(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], *, key_id: str, secret: str
) -> str:
    """The value of the Authorization header."""
    hashed = hashlib.sha256(canonical_request(method, path, query, headers).encode()).hexdigest()
    signature = hmac.new(secret.encode(), f"{ACS3}\n{hashed}".encode(), hashlib.sha256).hexdigest()
    return f"{ACS3} Credential={key_id},SignedHeaders={';'.join(sorted(_signed(headers)))},Signature={signature}"


def acs3_headers(
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
    """All headers of a POST in the RPC style, signed.

    The nonce is fresh for every request; `at` may be 15 minutes off at most.
    """
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
    return headers | {"authorization": acs3_authorization("POST", "/", query, headers, key_id=key_id, secret=secret)}


def rpc_signature(method: str, params: Mapping[str, str], *, secret: str) -> str:
    """The older style's `Signature`, over all parameters but itself: base64 of HMAC-SHA1 with the key `secret&`."""
    unsigned = {name: value for name, value in params.items() if name != "Signature"}
    text = f"{method.upper()}&{percent_encode('/')}&{percent_encode(canonical_query(unsigned))}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()).decode()


def _signed(headers: Mapping[str, str]) -> dict[str, str]:
    plain = {name.lower(): value.strip() for name, value in headers.items()}
    return {
        name: value for name, value in plain.items() if name in ("host", "content-type") or name.startswith("x-acs-")
    }
