"""Shopify: webhooks of orders and refunds signed with the app's secret, the Admin API's orders to pull."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.shops import Bought, ShopVendor
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

SHOP, SECRET, TOKEN = f"siyu-{MARK}.myshopify.com", "siyu-simulator-shopify", f"shpat_{MARK}"
BASE = 5_523_700_000_000_000_000
TOPICS = {"order": "orders/paid", "refund": "refunds/create", "cancel": "orders/cancelled"}


class Shopify(ShopVendor):
    """A shop on Shopify."""

    key = "shopify"
    name = Text(zh="Shopify", en="Shopify")
    hosts = (SHOP,)
    account = {"shopify_domain": SHOP, "shopify_secret": SECRET, "shopify_token": TOKEN}
    troubles = {"forged": "401", "garbage": "400", "busy": "429", "empty": "402"}
    retries = (10, 60, 300, 900, 1800, 3600, 3600, 3600)
    ack_within = 5.0

    def why_forged(self, asked: Asked) -> str:
        """The access token of the Admin API."""
        return "" if asked.headers["x-shopify-access-token"] == TOKEN else "another access token"

    def answer(self, asked: Asked) -> Reply:
        """`shop.json`, and `orders.json` with `updated_at_min`, a page at a time."""
        if asked.path.endswith("/shop.json"):
            return say({"shop": {"id": 1, "name": "Siyu Tea", "myshopify_domain": SHOP}})
        query = parse_qs(urlsplit(asked.target).query)
        limit, first = int(query.get("limit", ["50"])[0]), int(query.get("page_info", ["0"])[0])
        orders = [self._order(one) for one in self.bought.values()]
        page: JsonValue = list(orders[first : first + limit])
        reply = say({"orders": page})
        if first + limit >= len(orders):
            return reply
        link = f'<https://{SHOP}{asked.path}?limit={limit}&page_info={first + limit}>; rel="next"'
        return Reply(reply.body, headers={**reply.headers, "link": link})

    def refuse(self, code: str) -> Reply:
        """A status and `errors`."""
        return say({"errors": "[API] simulated"}, int(code))

    def order_news(self, one: Bought, what: str) -> News:
        """The topic is in a header; a refund tells the refund alone."""
        told = self._refund(one) if what == "refund" else self._order(one)
        headers = {"x-shopify-topic": TOPICS[what], "x-shopify-shop-domain": SHOP, "x-shopify-api-version": "2026-01"}
        return News(TOPICS[what], dump(told), headers=headers)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """X-Shopify-Hmac-Sha256 over the body; one delivery has one id at every attempt."""
        signed = base64.b64encode(hmac.new(SECRET.encode(), news.content, hashlib.sha256).digest()).decode()
        delivery = hashlib.sha256(news.what.encode() + news.content).hexdigest()[:32]
        headers = {"content-type": "application/json", "x-shopify-hmac-sha256": signed, **news.headers}
        headers |= {"x-shopify-webhook-id": delivery, "x-shopify-triggered-at": at.isoformat()}
        return Posting(url, news.content, headers)

    def _order(self, one: Bought) -> JsonValue:
        discounts: JsonValue = [{"code": one.code, "amount": "0.00", "type": "fixed_amount"}] if one.code else []
        paid = "refunded" if one.refunded == one.cents else "partially_refunded" if one.refunded else "paid"
        return {
            "id": BASE + one.number,
            "name": f"#{one.number}",
            "email": "",
            "phone": one.phone or None,
            "created_at": one.at,
            "processed_at": one.at,
            "updated_at": clock.now().isoformat(),
            "cancelled_at": one.at if one.is_cancelled else None,
            "test": False,
            "total_price": one.amount,
            "currency": "CNY",
            "financial_status": paid,
            "source_name": "web",
            "landing_site": "/",
            "customer": None,
            "note_attributes": [],
            "discount_codes": discounts,
            "line_items": [{"id": one.number, "sku": "A1", "quantity": 1, "price": one.amount}],
            "refunds": [self._refund(one)] if one.refunded else [],
        }

    def _refund(self, one: Bought) -> JsonValue:
        amount = f"{one.refunded / 100:.2f}"
        return {
            "id": 930_000_000 + one.number,
            "order_id": BASE + one.number,
            "created_at": one.at,
            "transactions": [{"id": one.number, "amount": amount, "kind": "refund", "status": "success"}],
        }
