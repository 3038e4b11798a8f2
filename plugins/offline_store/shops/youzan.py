"""Youzan's push: the JSON of a trade, percent-encoded inside a signed envelope. As public receivers read it."""

from decimal import Decimal
from urllib.parse import unquote

from core.sdk import Answer, Event, Refused, Request
from core.sdk.signing.shops import is_from_youzan
from plugins.offline_store.people import member_of, people_of, read_phone, receipt_of
from plugins.offline_store.reading import Thing, moment_of, money_of, part_of, read_thing, text_of, things_in
from plugins.offline_store.sales import Refund, Sale, tell_refund, tell_sale
from plugins.offline_store.settings import StoreSettings


def is_youzan(told: Thing) -> bool:
    """Whether a body has the shape of Youzan's envelope."""
    return isinstance(told.get("msg"), str) and "sign" in told and "client_id" in told


def answer_youzan(told: Thing, settings: StoreSettings) -> Answer:
    """The signature covers client id, message and secret. Youzan wants `{"code":0,"msg":"success"}`."""
    message, given = told.get("msg"), told.get("sign")
    secret = settings.youzan_client_secret.get_secret_value()
    is_genuine = (
        isinstance(message, str)
        and isinstance(given, str)
        and is_from_youzan(message, given, client_id=settings.youzan_client_id, client_secret=secret)
    )
    if not is_genuine:
        return Answer(accepted=False, status=401)
    message_id = text_of(told, "msg_id")
    dedup_key = f"youzan-{message_id}" if message_id else None
    return Answer(accepted=True, reply={"code": 0, "msg": "success"}, dedup_key=dedup_key)


def parse_youzan(request: Request) -> list[Event]:
    """A paid trade or a refund; other messages, and Youzan's own tests, bring nothing."""
    envelope = read_thing(request.body)
    if envelope.get("test") is True:
        return []
    kind, told = text_of(envelope, "type").lower(), read_thing(unquote(str(envelope.get("msg", ""))))
    if "refund" in kind:
        return _refund(told)
    if "paid" in kind or "success" in kind or "buyerpay" in kind:
        return _sale(envelope, told)
    if "close" in kind or "cancel" in kind:
        return []  # a trade is closed when it was not paid, or by its refund, which is told by itself
    return []


def _sale(envelope: Thing, told: Thing) -> list[Event]:
    full = part_of(told, "full_order_info")
    info = part_of(full, "order_info")
    lines = things_in(full, "orders")
    amount = money_of(part_of(full, "pay_info").get("payment"))
    if amount is None:
        paid = [money for line in lines if (money := money_of(line.get("payment"))) is not None]
        amount = sum(paid, Decimal(0)) if paid else None
    number = text_of(info, "tid") or text_of(envelope, "id")
    at = moment_of([info.get("pay_time"), info.get("success_time"), info.get("created")])
    if not number or amount is None or amount < 0 or at is None:
        raise Refused("the trade has no number, amount or time of payment", code="format")
    buyer = part_of(full, "buyer_info")
    code = text_of(part_of(full, "qr_info"), "qr_id") or text_of(part_of(told, "qr_info"), "qr_id")
    sale = Sale(
        key=f"youzan-{number}",
        order_no=number,
        at=at,
        who=people_of(
            member_of("youzan", text_of(buyer, "yz_open_id", "buyer_id")),
            read_phone(text_of(buyer, "buyer_phone") or text_of(part_of(full, "address_info"), "receiver_tel")),
        )
        or people_of(receipt_of(number)),
        amount=amount,
        currency="CNY",
        codes=(code,) if code not in ("", "0") else (),
        store=text_of(info, "offline_id", "node_kdt_id") or text_of(envelope, "kdt_id"),
    )
    return tell_sale(sale)


def _refund(told: Thing) -> list[Event]:
    number, refund_id = text_of(told, "tid"), text_of(told, "refund_id")
    amount = money_of(told.get("refunded_fee"))
    at = moment_of([told.get("update_time"), told.get("refund_time")])
    if not number or not refund_id or amount is None or amount <= 0 or at is None:
        return []  # a refund that was only asked for, or is still discussed
    return [tell_refund(number, Refund(f"youzan-{refund_id}", at, amount))]
