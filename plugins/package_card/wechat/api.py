"""Calls of WeChat Pay, version 3: signed by the merchant, answers believed only with the platform's signature."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from core.sdk import BadSettings, ChannelFailure, HttpClient, HttpReply, Refused, Throttled, Unknown, Unreachable, now
from core.sdk import vendor_json as told
from core.sdk.signing.wechat_pay import is_from_wechat_pay, pay_authorization
from plugins.package_card.accounts import RewardAccounts

BASE = "https://api.mch.weixin.qq.com"
ACCOUNT = {"SIGN_ERROR", "NO_AUTH", "NOT_ENOUGH", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS", "ACCOUNT_ERROR"}
BUSY = {"FREQUENCY_LIMIT_EXCEED", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"}
FINAL = {
    "PARAM_ERROR",
    "INVALID_REQUEST",
    "INVALID_PARAMETER",
    "TRANSFER_RISK",
    "OPENID_ERROR",
    "PAYER_ACCOUNT_ABNORMAL",
}
GONE = {"NOT_FOUND", "RECORD_NOT_EXISTS", "ORDER_NOT_EXIST"}
Fields = dict[str, JsonValue]


@dataclass(frozen=True)
class Said:
    """An answer that is WeChat Pay's: its status and its fields."""

    status: int
    fields: Fields

    @property
    def code(self) -> str:
        """The error's name; empty when all is well."""
        return told.text(self.fields, "code") or f"HTTP_{self.status}" if self.status >= 300 else ""


def call_pay(
    http: HttpClient,
    settings: RewardAccounts,
    method: str,
    path: str,
    *,
    body: Mapping[str, JsonValue] | None,
    asks: bool,
) -> Said:
    """One call. With `asks` it changes nothing, and every doubt is `Unreachable`; else a doubt is `Unknown`."""
    content = json.dumps(dict(body), ensure_ascii=False).encode() if body is not None else b""
    try:
        authorization = pay_authorization(
            method,
            path,
            content,
            merchant=settings.pay_merchant,
            serial=settings.pay_serial,
            private_key=settings.pay_private_key.get_secret_value(),
            at=now(),
            nonce=secrets.token_hex(16),
        )
    except ValueError:
        raise BadSettings("pay_private_key: paste the whole content of apiclient_key.pem") from None
    headers = {
        "authorization": authorization,
        "accept": "application/json",
        "content-type": "application/json",
        "wechatpay-serial": settings.pay_public_key_id,
    }
    reply = http.send(method, BASE + path, repeatable=asks, headers=headers, content=content)
    if not is_genuine(reply, settings):
        raise _doubt("the answer does not carry WeChat Pay's signature: check pay_public_key and its id", asks=asks)
    try:
        return Said(reply.status, told.inner(reply.json()) if reply.body.strip() else {})
    except Unknown as unknown:
        raise _doubt(unknown.message, asks=asks) from None


def is_genuine(reply: HttpReply, settings: RewardAccounts) -> bool:
    """Whether the answer was signed with the key that the settings hold."""
    said = reply.headers
    if said.get("wechatpay-serial") != settings.pay_public_key_id:
        return False
    try:
        return is_from_wechat_pay(
            reply.body,
            timestamp=said.get("wechatpay-timestamp", ""),
            nonce=said.get("wechatpay-nonce", ""),
            signature=said.get("wechatpay-signature", ""),
            public_key=settings.pay_public_key,
            at=now(),
        )
    except ValueError:
        return False


def failure_of(said: Said) -> ChannelFailure:
    """What an error means. One that is on no list may mean that the bill exists: that is asked, not repeated."""
    code, why = said.code, told.text(said.fields, "message", limit=200)
    message = f"WeChat Pay answered {code}: {why}"
    if code in ACCOUNT:
        return BadSettings(f"{message}. Top up or check the merchant's account.", code=code)
    if code in BUSY:
        return Throttled(message, code=code, retry_after=2)
    if code in FINAL:
        return Refused(message, code=code)
    return Unknown(message, code=code)


def _doubt(message: str, *, asks: bool) -> Unknown | Unreachable:
    return Unreachable(message) if asks else Unknown(message)
