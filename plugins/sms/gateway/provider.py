"""A described interface as a provider: deliver one by one, take signed webhooks. It cannot be asked."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue, ValidationError

from core.sdk import (
    Answer,
    BadSettings,
    Event,
    HttpClient,
    IdentityClaim,
    Message,
    Outcome,
    Receipt,
    Refused,
    Request,
    Sought,
    Text,
)
from core.sdk.signing.generic import is_signed_request
from plugins.sms.batches import send_all
from plugins.sms.composing import Composed
from plugins.sms.gateway.account import GatewayAccount
from plugins.sms.gateway.templates import fill_body, fill_header, fill_url
from plugins.sms.gateway.verdicts import read_verdict, text_at
from plugins.sms.gateway.webhooks import items_at, read_moment, read_names, read_state
from plugins.sms.provider import OpenHttp
from plugins.sms.settings import SmsSettings
from plugins.sms.uplinks import full_number, hash_of, receipt_id, reply_events

TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
UNTRIED = Text(
    zh="通用网关没有可以试的接口：请先给自己发一条，看看结果。",
    en="There is nothing to try at a described gateway: send one message to yourself first.",
)
IN_CLEAR = Text(zh="接口地址不是 https，号码和密钥会明文传输。", en="Numbers and keys travel in clear: not https.")
DEAF = Text(
    zh="没有填回调密钥：不会接收回执和回复，发送结果停留在“已接收”。",
    en="No webhook secret: receipts and replies are not taken, and messages stay “accepted”.",
)
KEYLESS = Text(
    zh="既没有用 ${key}，也没有填消息编号字段：回执对不上发出的消息。",
    en="Neither ${key} nor a message id field: receipts cannot be matched to messages.",
)


class GatewaySms:
    """One described interface, for one call of the plugin."""

    def __init__(self, account: GatewayAccount, settings: SmsSettings, open_http: OpenHttp) -> None:
        self._account, self._settings, self._open_http = account, settings, open_http

    def check(self) -> tuple[Text, ...]:
        """Say what cannot be known, and what is missing."""
        account = self._account
        remarks = [UNTRIED]
        if account.url.startswith("http://"):
            remarks.append(IN_CLEAR)
        if not account.webhook_secret.get_secret_value():
            remarks.append(DEAF)
        elif not account.id_field and not account.is_keyed:
            remarks.append(KEYLESS)
        return tuple(remarks)

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """One message a call, over one connection."""
        with self._open_http() as http:
            yield from send_all(
                messages,
                self._settings,
                most=1,
                alike=lambda one: one.key,
                reach="everywhere",
                send=lambda batch: self._send(http, batch[0]),
            )

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Nothing: what became of a message is only told by webhook."""
        return iter(())

    def answer(self, request: Request) -> Answer:
        """Believe what was signed with the webhook secret."""
        account = self._account
        genuine = is_signed_request(
            request, style=account.webhook_style, header=account.signature_header, secret=account.webhook_secret
        )
        if not genuine:
            return Answer(accepted=False, status=401)
        try:
            items_at(request.body, account.items_field)
        except ValueError:
            return Answer(accepted=False, status=400)
        return Answer(accepted=True, reply={"ok": True}, dedup_key=hashlib.sha256(request.body).hexdigest())

    def parse(self, request: Request) -> list[Event]:
        """Receipts, replies and opt-outs; an item that makes no sense is left out."""
        try:
            items = items_at(request.body, self._account.items_field)
        except ValueError:
            raise Refused("the webhook holds no items", code="json") from None
        events: list[Event] = []
        for item in items:
            try:
                events += self._events(item, request)
            except (ValidationError, ValueError):
                continue
        return events

    def _send(self, http: HttpClient, one: Composed) -> Iterator[Outcome]:
        account, values = self._account, self._values(one)
        try:
            headers = dict(fill_header(line, values) for line in account.headers)
        except ValueError:
            raise BadSettings("provider.headers: only plain characters may stand in a header") from None
        has_body = account.method != "GET" and bool(account.body)
        if has_body:
            headers.setdefault("content-type", TYPES[account.body_style])
        reply = http.send(
            account.method,
            fill_url(account.url, values),
            headers=headers,
            content=fill_body(account.body, values, style=account.body_style) if has_body else b"",
            repeatable=False,
        )
        yield Outcome(key=one.key, state="accepted", provider_id=read_verdict(reply, account), parts=one.parts)

    def _values(self, one: Composed) -> dict[str, str]:
        return {
            "phone": one.phone,
            "national": one.phone.removeprefix("+86").removeprefix("+"),
            "text": one.text,
            "key": one.key,
            "group": one.message.group,
            "signature": self._settings.signature,
            "secret": self._account.secret.get_secret_value(),
        }

    def _events(self, item: JsonValue, request: Request) -> list[Event]:
        names = read_names(self._account.field_names)
        told = {ours: text_at(item, theirs) for ours, theirs in names.items()}
        if told["state"]:
            return self._receipts(told, request)
        return self._replies(told, request)

    def _receipts(self, told: Mapping[str, str], request: Request) -> list[Event]:
        state = read_state(told["state"], self._account.delivered_values, self._account.failed_values)
        phone = full_number(told["phone"]) if told["phone"] else ""
        name = told["provider_id"] or told["key"]
        if state is None or not name:
            return []
        parts = told["parts"]
        receipt = Receipt(
            event_id=receipt_id(name, phone, f"{state} {told['code']}"),
            at=read_moment(told["at"], otherwise=request.received_at),
            who=(IdentityClaim(kind="phone", value=phone),) if phone else (),
            state=state,
            key=told["key"] or None,
            provider_id=told["provider_id"] or None,
            code=told["code"] or told["state"],
            reason=told["reason"],
            parts=int(parts) if parts.isascii() and parts.isdigit() and len(parts) < 4 else None,
        )
        return [receipt]

    def _replies(self, told: Mapping[str, str], request: Request) -> list[Event]:
        if not told["text"]:
            return []
        phone = full_number(told["phone"])
        return reply_events(
            name=hash_of(told["id"], phone, told["at"], told["text"]),
            at=read_moment(told["at"], otherwise=request.received_at),
            phone=phone,
            text=told["text"],
            extend=told["extend"],
            words=self._settings.opt_out_words,
            is_proven=True,
        )
