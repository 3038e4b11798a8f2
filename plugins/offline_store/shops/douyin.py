"""Douyin 生活服务: vouchers bought online and redeemed in a store. An order, then a certificate that is verified."""

import json
from typing import Literal

from pydantic import JsonValue

from core.sdk import Answer, Event, IdentityClaim, Request, Touch
from core.sdk.signing.douyin import is_from_douyin, is_from_local_life
from plugins.offline_store.people import people_of, read_phone, receipt_of
from plugins.offline_store.reading import Thing, cents_of, clean_text, moment_of, part_of, read_thing, text_of
from plugins.offline_store.sales import Refund, Sale, name_place, tell_refund, tell_sale
from plugins.offline_store.settings import StoreSettings

SIGNATURE, LIFE_SIGNATURE = "x-douyin-signature", "x-life-sign"
TRADE, CERTIFICATE = "life_trade_order_notify", "life_trade_certificate_notify"
VERIFY_WEBHOOK = "verify_webhook"
Deed = Literal["verify", "verify_cancel"]


def answer_douyin(request: Request, settings: StoreSettings) -> Answer:
    """Webhooks carry X-Douyin-Signature, calls of the local-life SPI x-life-sign; the challenge is echoed."""
    secret = settings.douyin_client_secret.get_secret_value()
    headers = request.headers
    if SIGNATURE in headers:
        is_genuine = is_from_douyin(request.body, headers[SIGNATURE], client_secret=secret)
    else:
        is_genuine = is_from_local_life(
            request.body, dict(request.query), headers.get(LIFE_SIGNATURE, ""), client_secret=secret
        )
    if not is_genuine:
        return Answer(accepted=False, status=401)
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return Answer(accepted=False, status=400)
    content = _content(told) if isinstance(told, dict) else {}
    delivery = headers.get("msg-id", "")[:100]
    is_question = isinstance(told, dict) and told.get("event") == VERIFY_WEBHOOK
    return Answer(
        accepted=True,
        reply={"challenge": content.get("challenge")} if is_question else {"err_no": 0, "err_tips": "success"},
        dedup_key=f"douyin-{delivery}" if delivery else None,
    )


def parse_douyin(request: Request) -> list[Event]:
    """A voucher order paid, or a certificate verified, taken back or refunded; other events bring nothing."""
    told = read_thing(request.body)
    content = _content(told)
    if told.get("event") == TRADE:
        return _trade(told, content)
    if told.get("event") == CERTIFICATE:
        return _certificate(told, content, request)
    return []


def _trade(told: Thing, content: Thing) -> list[Event]:
    order = part_of(content, "order") or content
    number, amount = text_of(order, "order_id"), cents_of(order.get("pay_amount"))
    at = moment_of([order.get("pay_time"), content.get("msg_time"), order.get("create_time")])
    action = text_of(content, "action")
    if not number or at is None:
        return []
    if action == "refund_success":
        refund_id = text_of(order, "refund_id", "after_sale_id") or f"{number}-all"
        at = moment_of([content.get("msg_time")]) or at
        return [tell_refund(number, Refund(f"douyin-{refund_id}", at, cents_of(order.get("refund_amount"))))]
    if action not in ("pay_success", "") or amount is None or amount < 0:
        return []
    sale = Sale(
        key=f"douyin-{number}",
        order_no=number,
        at=at,
        who=_people(told, order, number),
        amount=amount,
        currency="CNY",
        store=_store(order),
    )
    return tell_sale(sale)


def _certificate(told: Thing, content: Thing, request: Request) -> list[Event]:
    voucher = part_of(content, "certificate") or content
    number, order_no = text_of(voucher, "certificate_id", "certificate_no", "code"), text_of(voucher, "order_id")
    at = moment_of([voucher.get("verify_time"), content.get("msg_time")]) or request.received_at
    action = text_of(content, "action")
    if not number:
        return []
    if action == "refund_success":
        back = cents_of(voucher.get("refund_amount"))
        amount = back if back is not None else cents_of(voucher.get("pay_amount"))
        return [tell_refund(order_no, Refund(f"douyin-certificate-{number}", at, amount))] if order_no else []
    if action in ("verify", "verify_cancel"):
        return [_visit(told, voucher, number=number, order_no=order_no, action=action, at=at)]
    return []


def _visit(told: Thing, voucher: Thing, *, number: str, order_no: str, action: str, at: object) -> Touch:
    """A verified voucher is a person in the store. Taking it back does not undo that: it is noted, outside of sums."""
    deed = text_of(voucher, "verify_id") or number
    return Touch.model_validate(
        {
            "event_id": f"douyin-{action}-{deed}"[:190],
            "at": at,
            "who": _people(told, voucher, order_no or number),
            "kind": "visit",
            "is_bot": action == "verify_cancel",
            "detail": {"action": action, "order_no": order_no, **name_place(store=_store(voucher))},
        }
    )


def _people(told: Thing, thing: Thing, number: str) -> tuple[IdentityClaim, ...]:
    openid = text_of(thing, "open_id", "openid") or text_of(told, "from_user_id")
    buyer = IdentityClaim(kind="platform_openid", value=openid, app="douyin") if openid else None
    return people_of(buyer, read_phone(text_of(thing, "phone", "mobile"))) or people_of(receipt_of(f"douyin-{number}"))


def _store(thing: Thing) -> str:
    return text_of(thing, "poi_id", "shop_id", "account_id")


def _content(told: Thing) -> dict[str, JsonValue]:
    """`content` comes as an object or as its JSON text."""
    content = told.get("content")
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return {"text": clean_text(str(content))}
    return content if isinstance(content, dict) else {}
