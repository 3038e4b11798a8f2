"""Settings and requests of the shapes that vendors send, with values of our own, signed as each vendor signs."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from core.sdk import Request
from core.sdk.signing.douyin import LIVE_HEADERS
from core.sdk.signing.wechat_crypto import encrypt_message, wechat_signature
from plugins.livestream.settings import LiveSettings
from tests.factories.fixtures import form_of

AT = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)
"""20:40 in China: the fortieth minute of a show that began at eight."""
FORM: dict[str, Any] = form_of("livestream")
AES_KEY: str = FORM["wechat_aes_key"]


def make_settings(**changes: Any) -> LiveSettings:  # any setting
    return LiveSettings.model_validate(FORM | changes)


def make_request(body: bytes, **parts: Any) -> Request:  # any field
    return Request.model_validate({"id": "r1", "received_at": AT, "body": body} | parts)


def douyin_hook(event: str, content: object, *, msg_id: str = "m1", person: str = "o-1", **changes: Any) -> Request:
    told = {"event": event, "client_key": "tt0000000001", "from_user_id": person, "content": content, "log_id": "l"}
    body = json.dumps(told | changes, ensure_ascii=False).encode()
    signature = hashlib.sha1(FORM["douyin_secret"].encode() + body, usedforsecurity=False).hexdigest()
    return make_request(body, headers={"x-douyin-signature": signature, "msg-id": msg_id})


def live_push(kind: str, *items: dict[str, Any], room: str = "268") -> Request:
    body = json.dumps(list(items), ensure_ascii=False).encode()
    headers = {"x-nonce-str": "n1", "x-timestamp": "1795000000000", "x-roomid": room, "x-msg-type": kind}
    pairs = "&".join(f"{name}={headers[name]}" for name in LIVE_HEADERS)
    digest = hashlib.md5(pairs.encode() + body + FORM["douyin_live_secret"].encode(), usedforsecurity=False).digest()
    return make_request(body, headers=headers | {"x-signature": base64.b64encode(digest).decode()})


def comment(msg_id: str, person: str, text: str, at: datetime = AT) -> dict[str, Any]:
    stamp = int(at.timestamp() * 1000)
    told = {"msg_id": msg_id, "sec_openid": person, "content": text, "avatar_url": "", "nickname": "甲"}
    return told | {"timestamp": stamp}


def wechat_push(
    event: str, order_id: int | None, *, as_xml: bool = False, nonce: str = "n1", at: datetime = AT
) -> Request:
    told = {"ToUserName": "gh_0", "FromUserName": "o", "CreateTime": int(at.timestamp()), "MsgType": "event"}
    message = json.dumps(told | {"Event": event, "order_info": {"order_id": order_id} if order_id else {}}).encode()
    sealed = encrypt_message(message, aes_key=AES_KEY, receive_id=FORM["wechat_app_id"], random16=b"0123456789abcdef")
    signature = wechat_signature(FORM["wechat_token"], "1795226580", nonce, sealed)
    query = (("msg_signature", signature), ("timestamp", "1795226580"), ("nonce", nonce), ("encrypt_type", "aes"))
    xml = f"<xml><ToUserName>gh_0</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    body = xml if as_xml else json.dumps({"ToUserName": "gh_0", "Encrypt": sealed})
    return make_request(body.encode(), query=query)


def kuaishou_hook(told: dict[str, Any]) -> Request:
    body = json.dumps(told, ensure_ascii=False).encode()
    mark = hashlib.md5(body + FORM["kuaishou_secret"].encode(), usedforsecurity=False).hexdigest()
    return make_request(body, headers={"kwaisign": mark})


def any_hook(told: object) -> Request:
    body = json.dumps(told, ensure_ascii=False).encode()
    signature = hmac.new(FORM["hook_secret"].encode(), body, "sha256").hexdigest()
    return make_request(body, headers={"x-signature": f"sha256={signature}"})
