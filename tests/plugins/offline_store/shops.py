"""What the tests' systems send: payloads of the real shapes with values of our own, signed as the vendors sign."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.sdk import Request
from plugins.offline_store.settings import StoreSettings
from tests.factories.fixtures import form_of

AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
PAYLOADS = Path(__file__).with_name("payloads")
FORM = form_of("offline_store")
SETTINGS = StoreSettings.model_validate(FORM)

Headers = dict[str, str]
Hook = tuple[bytes, Headers]


def payload(name: str, **changes: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return told | changes


def asked(hook: Hook, *, query: tuple[tuple[str, str], ...] = ()) -> Request:
    return Request(id="r1", received_at=AT, body=hook[0], headers=hook[1], query=query)


def by_shopify(told: object, *, secret: str = "hush-shopify", delivery: str = "") -> Hook:
    body = json.dumps(told).encode()
    named = {"x-shopify-webhook-id": delivery} if delivery else {}
    return body, {"x-shopify-hmac-sha256": _base64_hmac(secret, body), **named}


def by_woo(told: object, *, secret: str = "hush-woocommerce", delivery: str = "") -> Hook:
    body = json.dumps(told).encode()
    named = {"x-wc-webhook-delivery-id": delivery} if delivery else {}
    return body, {"x-wc-webhook-signature": _base64_hmac(secret, body), **named}


def by_youzan(
    told: object, *, kind: str = "trade_TradePaid", message_id: str = "m1", secret: str = "csec-youzan"
) -> Hook:
    message = quote(json.dumps(told, ensure_ascii=False))
    sign = hashlib.md5(f"cid{message}{secret}".encode()).hexdigest()
    envelope = {"client_id": "cid", "msg": message, "sign": sign, "type": kind, "msg_id": message_id, "kdt_id": 160}
    return json.dumps(envelope | {"test": False, "mode": 1, "status": "TRADE_PAID"}).encode(), {}


def by_douyin(told: object, *, delivery: str = "", secret: str = "test-secret") -> Hook:
    body = json.dumps(told, ensure_ascii=False).encode()
    signature = hashlib.sha1(secret.encode() + body).hexdigest()
    return body, {"x-douyin-signature": signature, **({"msg-id": delivery} if delivery else {})}


def by_till(told: object, *, secret: str = "hush-till") -> Hook:
    body = json.dumps(told).encode()
    return body, {"x-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def _base64_hmac(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
