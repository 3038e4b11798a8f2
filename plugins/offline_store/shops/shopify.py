"""Shopify: webhooks of orders and refunds, believed by their HMAC; the same orders pulled; the token tried."""

import re
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from core.sdk import (
    Answer,
    BadSettings,
    Event,
    HttpClient,
    HttpReply,
    IdentityClaim,
    Refused,
    Request,
    Text,
    read_traffic,
)
from core.sdk.signing.bodies import is_from_shopify
from plugins.offline_store.people import member_of, people_of, read_email, read_phone, receipt_of
from plugins.offline_store.reading import Thing, moment_of, money_of, part_of, read_thing, text_of, things_in
from plugins.offline_store.sales import Refund, Sale, tell_refund, tell_sale
from plugins.offline_store.settings import StoreSettings

SIGNATURE = "x-shopify-hmac-sha256"
VERSION = "2026-01"
SOLD = {"paid", "partially_refunded", "refunded"}
PAGE = 100
_NEXT = re.compile(r'<([^>]+)>;\s*rel="?next"?')
_CODE_NOTES = {"siyu_code", "staff_code", "staff", "ref"}


def answer_shopify(request: Request, settings: StoreSettings) -> Answer:
    """Shopify wants any 200 within five seconds; a wrong signature gets 401."""
    secrets = [one.get_secret_value() for one in (settings.shopify_secret, settings.shopify_old_secret)]
    if not is_from_shopify(request.body, request.headers.get(SIGNATURE, ""), secrets=secrets):
        return Answer(accepted=False, status=401)
    delivery = request.headers.get("x-shopify-webhook-id", "")[:100]
    return Answer(accepted=True, dedup_key=f"shopify-{delivery}" if delivery else None)


def parse_shopify(request: Request) -> list[Event]:
    """An order or a refund, told apart by what is in it: topics are not signed. Other topics bring nothing."""
    told = read_thing(request.body)
    if "order_id" in told and "transactions" in told:
        return _refund_alone(told)
    return read_order(told)


def read_order(told: Thing) -> list[Event]:
    """The facts of an order as the Admin API shows it. One that was never paid is no sale."""
    order_id, amount = text_of(told, "id"), money_of(told.get("total_price"))
    at = moment_of([told.get("processed_at"), told.get("created_at")])
    if not order_id or amount is None or amount < 0 or at is None:
        return []
    if told.get("test") is True or text_of(told, "financial_status") not in SOLD:
        return []
    key, is_met = f"shopify-{order_id}", text_of(told, "source_name") == "pos"
    sale = Sale(
        key=key,
        order_no=order_id,
        at=at,
        who=_people(told),
        amount=amount,
        currency=text_of(told, "currency") or None,
        codes=_codes(told, is_met=is_met),
        store=text_of(told, "location_id") if is_met else "",
        is_met=is_met,
        traffic=read_traffic(text_of(told, "landing_site"), referrer=text_of(told, "referring_site")),
        refunds=tuple(found for one in things_in(told, "refunds") if (found := _refund(one, at))),
        cancelled_at=moment_of([told.get("cancelled_at")]),
    )
    return tell_sale(sale)


def pull_shopify(http: HttpClient, settings: StoreSettings, *, since: str, page: str) -> tuple[list[Thing], str]:
    """One page of orders changed since, oldest change first, and the mark of the next page ("" for none)."""
    mark = f"page_info={page}" if page else f"status=any&order=updated_at+asc&updated_at_min={since}"
    reply = _ask(http, settings, f"orders.json?limit={PAGE}&{mark}")
    return things_in(read_thing(reply.body), "orders"), _next_page(reply)


def check_shopify(http: HttpClient, settings: StoreSettings) -> Text:
    """The token opens the shop. Raises `BadSettings` when it does not."""
    shop = part_of(read_thing(_ask(http, settings, "shop.json").body), "shop")
    name = text_of(shop, "name") or settings.shopify_domain
    return Text(zh=f"Shopify：已连上 {name}。", en=f"Shopify: connected to {name}.")


def _ask(http: HttpClient, settings: StoreSettings, path: str) -> HttpReply:
    reply = http.send(
        "GET",
        f"https://{settings.shopify_domain}/admin/api/{VERSION}/{path}",
        headers={"x-shopify-access-token": settings.shopify_token.get_secret_value()},
        repeatable=True,
    )
    if reply.status in (401, 403):
        raise BadSettings("shopify_token: Shopify refuses it; it needs read_orders", code=str(reply.status))
    if reply.status == 404:
        raise BadSettings("shopify_domain: there is no such shop", code="404")
    if reply.status >= 400:
        raise Refused(f"Shopify answered {reply.status}", code=str(reply.status))
    return reply


def _next_page(reply: HttpReply) -> str:
    found = _NEXT.search(reply.headers.get("link", ""))
    return parse_qs(urlsplit(found.group(1)).query).get("page_info", [""])[0][:500] if found else ""


def _people(told: Thing) -> tuple[IdentityClaim, ...]:
    customer = part_of(told, "customer")
    named = people_of(
        member_of("shopify", text_of(customer, "id")),
        read_phone(text_of(told, "phone") or text_of(customer, "phone")),
        read_email(text_of(told, "email", "contact_email") or text_of(customer, "email")),
    )
    # Shopify counts its orders, so a number can be guessed: only a buyer whom nobody knows may be claimed by it.
    return named or people_of(receipt_of(text_of(told, "name") or text_of(told, "id")))


def _codes(told: Thing, *, is_met: bool) -> tuple[str, ...]:
    notes = [text_of(one, "value") for one in things_in(told, "note_attributes") if text_of(one, "name") in _CODE_NOTES]
    discounts = [text_of(one, "code") for one in things_in(told, "discount_codes")]
    clerk = [text_of(told, "user_id")] if is_met else []
    return tuple(dict.fromkeys(code for code in (*notes, *discounts, *clerk) if code))


def _refund(told: Thing, ordered_at: datetime) -> Refund | None:
    done = [one for one in things_in(told, "transactions") if text_of(one, "kind") == "refund"]
    amounts = [money_of(one.get("amount")) for one in done if text_of(one, "status") in ("success", "")]
    back = sum((amount for amount in amounts if amount is not None and amount > 0), Decimal(0))
    at = moment_of([told.get("processed_at"), told.get("created_at")]) or ordered_at
    return Refund(f"shopify-{text_of(told, 'id')}", at, back) if back and text_of(told, "id") else None


def _refund_alone(told: Thing) -> list[Event]:
    at = moment_of([told.get("processed_at"), told.get("created_at")])
    refund = _refund(told, at) if at else None
    order_id = text_of(told, "order_id")
    return [tell_refund(order_id, refund)] if refund and order_id else []
