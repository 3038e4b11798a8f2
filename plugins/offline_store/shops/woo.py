"""WooCommerce: order webhooks believed by their HMAC, the unsigned ping, the same orders pulled, the keys tried."""

import base64
import re
from datetime import datetime

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
    Traffic,
    read_traffic,
)
from core.sdk.signing.bodies import is_from_woocommerce
from plugins.offline_store.people import member_of, people_of, read_email, read_phone, receipt_of
from plugins.offline_store.reading import Thing, moment_of, money_of, part_of, read_thing, text_of, things_in
from plugins.offline_store.sales import Refund, Sale, tell_sale
from plugins.offline_store.settings import StoreSettings

SIGNATURE = "x-wc-webhook-signature"
PING = re.compile(rb"webhook_id=\d{1,20}")
SOLD = {"processing", "completed", "refunded"}
PAGE = 100
_ATTRIBUTION = "_wc_order_attribution_"
_CODE_META = {"siyu_code", "staff_code"}


def is_ping(request: Request) -> bool:
    """The form that WooCommerce posts, unsigned, when a webhook is saved. It says nothing, so it is believed."""
    return bool(PING.fullmatch(request.body.strip()))


def answer_woo(request: Request, settings: StoreSettings) -> Answer:
    """Any 2xx will do; a wrong signature gets 401."""
    if is_ping(request):
        return Answer(accepted=True, dedup_key=f"woo-ping-{request.body.strip().decode()}")
    given = request.headers.get(SIGNATURE, "")
    secrets = (settings.woo_secret.get_secret_value(), settings.woo_old_secret.get_secret_value())
    if not any(is_from_woocommerce(request.body, given, secret=secret) for secret in secrets):
        return Answer(accepted=False, status=401)
    delivery = request.headers.get("x-wc-webhook-delivery-id", "")[:100]
    return Answer(accepted=True, dedup_key=f"woo-{delivery}" if delivery else None)


def parse_woo(request: Request) -> list[Event]:
    """The order in it; a ping and a deleted order bring nothing."""
    return [] if is_ping(request) else read_order(read_thing(request.body))


def read_order(told: Thing) -> list[Event]:
    """The facts of an order as the REST API (v3) shows it. One that was never paid is no sale."""
    order_id, amount = text_of(told, "id"), money_of(told.get("total"))
    paid_at = _gmt(told, "date_paid")
    at = paid_at or _gmt(told, "date_created")
    status = text_of(told, "status")
    is_cancelled = status == "cancelled" and paid_at is not None
    if not order_id or amount is None or amount < 0 or at is None or not (status in SOLD or is_cancelled):
        return []
    changed_at = _gmt(told, "date_modified") or at
    sale = Sale(
        key=f"woo-{order_id}",
        order_no=f"woo-{order_id}",
        at=at,
        who=_people(told),
        amount=amount,
        currency=text_of(told, "currency") or None,
        codes=_codes(told),
        traffic=_traffic(told),
        refunds=_refunds(told, changed_at, is_refunded=status == "refunded"),
        cancelled_at=changed_at if is_cancelled else None,
    )
    return tell_sale(sale)


def pull_woo(http: HttpClient, settings: StoreSettings, *, since: str, page: str) -> tuple[list[Thing], str]:
    """One page of orders changed since, oldest change first, and the number of the next page ("" for none)."""
    number = page or "1"
    query = f"per_page={PAGE}&page={number}&orderby=modified&order=asc&dates_are_gmt=true&modified_after={since}"
    reply = _ask(http, settings, f"orders?{query}")
    orders = things_in(read_thing(b'{"orders":' + reply.body + b"}"), "orders")
    return orders, str(int(number) + 1) if len(orders) == PAGE and number.isdigit() else ""


def check_woo(http: HttpClient, settings: StoreSettings) -> Text:
    """The keys open the shop. Raises `BadSettings` when they do not."""
    _ask(http, settings, "orders?per_page=1")
    return Text(zh=f"WooCommerce：已连上 {settings.woo_site}。", en=f"WooCommerce: connected to {settings.woo_site}.")


def _ask(http: HttpClient, settings: StoreSettings, path: str) -> HttpReply:
    pair = f"{settings.woo_key.get_secret_value()}:{settings.woo_key_secret.get_secret_value()}"
    reply = http.send(
        "GET",
        f"https://{settings.woo_site}/wp-json/wc/v3/{path}",
        headers={"authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
        repeatable=True,
    )
    if reply.status in (401, 403):
        raise BadSettings("woo_key: WooCommerce refuses the keys; they need to read orders", code=str(reply.status))
    if reply.status >= 400:
        raise Refused(f"WooCommerce answered {reply.status}", code=str(reply.status))
    return reply


def _gmt(told: Thing, name: str) -> datetime | None:
    """A date of WooCommerce: the `_gmt` field has no zone and means UTC."""
    text = text_of(told, f"{name}_gmt")
    return moment_of([f"{text.removesuffix('Z')}+00:00"]) if text else None


def _people(told: Thing) -> tuple[IdentityClaim, ...]:
    billing = part_of(told, "billing")
    named = people_of(
        member_of("woo", text_of(told, "customer_id")),
        read_phone(text_of(billing, "phone")),
        read_email(text_of(billing, "email")),
    )
    return named or people_of(receipt_of(f"woo-{text_of(told, 'id')}"))


def _codes(told: Thing) -> tuple[str, ...]:
    meta = [text_of(one, "value") for one in things_in(told, "meta_data") if text_of(one, "key") in _CODE_META]
    coupons = [text_of(one, "code") for one in things_in(told, "coupon_lines")]
    return tuple(dict.fromkeys(code for code in (*meta, *coupons) if code))


def _traffic(told: Thing) -> Traffic:
    """Where the visit came from, as WooCommerce's order attribution notes it."""
    meta = {text_of(one, "key"): text_of(one, "value") for one in things_in(told, "meta_data")}
    utm = {
        name: meta.get(f"{_ATTRIBUTION}utm_{name}", "") for name in ("source", "medium", "campaign", "term", "content")
    }
    if utm["source"].startswith("("):  # "(direct)" is no mark
        utm = {}
    return read_traffic(meta.get(f"{_ATTRIBUTION}session_entry", ""), campaign=utm)


def _refunds(told: Thing, at: datetime, *, is_refunded: bool) -> tuple[Refund, ...]:
    found = []
    for one in things_in(told, "refunds"):
        amount = money_of(one.get("total"))
        if amount and text_of(one, "id"):
            found.append(Refund(f"woo-{text_of(one, 'id')}", at, abs(amount)))
    if is_refunded and not found:
        return (Refund(f"woo-{text_of(told, 'id')}-all", at),)
    return tuple(found)
