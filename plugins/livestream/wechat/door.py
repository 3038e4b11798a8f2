"""The push of a WeChat shop: encrypted and signed. It says which order changed, not how; the host then fetches it."""

import hashlib
import re

from pydantic import JsonValue

from core.sdk import Answer, Event, Notice, OrderSeen, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.wechat_crypto import decrypt_message, is_from_wechat
from plugins.livestream.settings import LiveSettings

SHOP, ORDER = "wechat", "wechat_order"
CANCELLED = "channels_ec_order_cancel"
_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)")


class WechatPush:
    """One call of WeChat: its try of the address, or an event."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Echo what the try asks for; to an event say `success`. One that names no order has the lists pulled."""
        if request.method == "GET":
            return self._echo(request)
        try:
            message = self._open(request)
        except (ValueError, Refused):
            return Answer(accepted=False, status=401)
        order_no = _order_of(message)
        parts = (told.text(message, "Event"), order_no, told.text(message, "CreateTime"))
        digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
        return Answer(accepted=True, reply="success", dedup_key=f"{SHOP}-{digest}", wants_pull=not order_no)

    def parse(self, request: Request) -> list[Event]:
        """The order to fetch, by its number: however late the push, no span of time has to hold it.

        A cancellation is all that the event itself can tell; of anything else the fetched order tells more.
        """
        try:
            message = self._open(request)
        except (ValueError, Refused):
            raise Refused("the message cannot be read with the present token and key", code="crypto") from None
        order_no, event = _order_of(message), told.text(message, "Event", limit=100)
        if not order_no:
            return []
        at = told.moment(message.get("CreateTime"), received_at=request.received_at)
        events: list[Event] = []
        if event == CANCELLED:
            name = f"order-{SHOP}-{order_no}-cancelled"
            events.append(OrderSeen(event_id=name, at=at, order_no=order_no, state="cancelled"))
        if self._settings.asks_wechat:
            events.append(Notice(event_id=f"{ORDER}-{order_no}-{event}", at=at, topic=ORDER, key=order_no))
        return events

    def _echo(self, request: Request) -> Answer:
        query = dict(request.query)
        moment, echo = (query.get("timestamp", ""), query.get("nonce", "")), query.get("echostr", "")
        token = self._settings.wechat_token.get_secret_value()
        if is_from_wechat(query.get("signature", ""), *moment, token=token):
            return Answer(accepted=True, reply=echo)
        if not is_from_wechat(query.get("msg_signature", ""), *moment, echo, token=token):
            return Answer(accepted=False, status=401)
        try:
            return Answer(accepted=True, reply=self._decrypt(echo).decode())
        except ValueError:
            return Answer(accepted=False, status=401)

    def _open(self, request: Request) -> dict[str, JsonValue]:
        """The message. Raises ValueError for one that is not genuine, `Refused` for one that is no JSON."""
        query, encrypted = dict(request.query), _encrypted(request.body)
        genuine = is_from_wechat(
            query.get("msg_signature", ""),
            query.get("timestamp", ""),
            query.get("nonce", ""),
            encrypted,
            token=self._settings.wechat_token.get_secret_value(),
        )
        if not genuine:
            raise ValueError("the signature is not WeChat's")
        return told.inner(told.load_json(self._decrypt(encrypted)))

    def _decrypt(self, encrypted: str) -> bytes:
        key = self._settings.wechat_aes_key.get_secret_value()
        return decrypt_message(encrypted, aes_key=key, receive_id=self._settings.wechat_app_id)


def _order_of(message: dict[str, JsonValue]) -> str:
    return told.text(told.inner(message, "order_info"), "order_id", limit=100)


def _encrypted(body: bytes) -> str:
    """The sealed part of the envelope, which is JSON or XML as the console says; the XML is not even parsed."""
    if body.lstrip().startswith(b"<"):
        found = _ENCRYPTED.search(body)
        return found[1].decode() if found else ""
    return told.text(told.inner(told.load_json(body)), "Encrypt", "encrypt", limit=1_000_000)
