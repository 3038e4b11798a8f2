"""The push of a WeChat shop: encrypted and signed. It says that an order changed, not how; the host then fetches."""

import hashlib
import re

from pydantic import JsonValue

from core.sdk import Answer, Event, OrderSeen, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.wechat_crypto import decrypt_message, is_from_wechat
from plugins.livestream.settings import LiveSettings

SHOP = "wechat"
CANCELLED = "channels_ec_order_cancel"
_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)")


class WechatPush:
    """One call of WeChat: its try of the address, or an event."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Echo what the try asks for; for a genuine event say `success` and have the order fetched."""
        if request.method == "GET":
            return self._echo(request)
        try:
            message = self._open(request)
        except (ValueError, Refused):
            return Answer(accepted=False, status=401)
        order = told.inner(message, "order_info")
        parts = (told.text(message, "Event"), told.text(order, "order_id"), told.text(message, "CreateTime"))
        digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
        return Answer(accepted=True, reply="success", dedup_key=f"{SHOP}-{digest}", wants_pull=True)

    def parse(self, request: Request) -> list[Event]:
        """A cancellation is all that the event itself can tell; of anything else the fetched order tells more."""
        try:
            message = self._open(request)
        except (ValueError, Refused):
            raise Refused("the message cannot be read with the present token and key", code="crypto") from None
        order_no = told.text(told.inner(message, "order_info"), "order_id", limit=100)
        if told.text(message, "Event") != CANCELLED or not order_no:
            return []
        at = told.moment(message.get("CreateTime"), received_at=request.received_at)
        return [OrderSeen(event_id=f"order-{SHOP}-{order_no}-cancelled", at=at, order_no=order_no, state="cancelled")]

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


def _encrypted(body: bytes) -> str:
    """The sealed part of the envelope, which is JSON or XML as the console says; the XML is not even parsed."""
    if body.lstrip().startswith(b"<"):
        found = _ENCRYPTED.search(body)
        return found[1].decode() if found else ""
    return told.text(told.inner(told.load_json(body)), "Encrypt", "encrypt", limit=1_000_000)
