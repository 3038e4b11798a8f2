"""WooCommerce: "order updated" signed with the webhook's secret, and the REST API's orders to pull."""

import base64
import hashlib
import hmac
from datetime import datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.shops import Bought, ShopVendor
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

SITE, SECRET = f"woo-{MARK}.example.com", "siyu-simulator-woocommerce"
KEY, KEY_SECRET = f"ck_{MARK}", "cs_siyu-simulator"


class WooCommerce(ShopVendor):
    """A shop with WordPress."""

    key = "woocommerce"
    name = Text(zh="WooCommerce", en="WooCommerce")
    hosts = (SITE,)
    account = {"woo_site": SITE, "woo_secret": SECRET, "woo_key": KEY, "woo_key_secret": KEY_SECRET}
    troubles = {"forged": "401", "garbage": "400", "busy": "429", "empty": "403"}
    retries = (60, 600, 3600, 3600)
    ack_within = 5.0
    first_number = 7301

    def why_forged(self, asked: Asked) -> str:
        """Consumer key and secret by Basic auth."""
        given = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        return "" if given == f"{KEY}:{KEY_SECRET}" else "another consumer key"

    def answer(self, asked: Asked) -> Reply:
        """`orders`, a page at a time."""
        size, page = int(asked.query.get("per_page", "10")), int(asked.query.get("page", "1"))
        orders = list(self.bought.values())[size * (page - 1) : size * page]
        return say([self._order(one) for one in orders])

    def refuse(self, code: str) -> Reply:
        """A status, a code and a message."""
        status = int(code)
        return say({"code": "woocommerce_rest_simulated", "message": "simulated", "data": {"status": status}}, status)

    def order_news(self, one: Bought, what: str) -> News:
        """Every change is the same topic with the whole order."""
        return News(f"order.updated ({what})", dump(self._order(one)), headers={"x-wc-webhook-topic": "order.updated"})

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """X-WC-Webhook-Signature over the body."""
        signed = base64.b64encode(hmac.new(SECRET.encode(), news.content, hashlib.sha256).digest()).decode()
        delivery = hashlib.sha256(news.content).hexdigest()[:32]
        headers = {"content-type": "application/json", "x-wc-webhook-signature": signed}
        headers |= {"x-wc-webhook-delivery-id": delivery, "x-wc-webhook-source": f"https://{SITE}/"}
        return Posting(url, news.content, headers | dict(news.headers))

    def _order(self, one: Bought) -> JsonValue:
        status = "cancelled" if one.is_cancelled else "refunded" if one.refunded == one.cents else "processing"
        refund: JsonValue = {"id": 50_000 + one.number, "reason": "", "total": f"-{one.refunded / 100:.2f}"}
        at = one.moment.strftime("%Y-%m-%dT%H:%M:%S")
        return {
            "id": one.number,
            "number": str(one.number),
            "status": status,
            "currency": "CNY",
            "date_created_gmt": at,
            "date_paid_gmt": at,
            "date_modified_gmt": clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
            "total": one.amount,
            "customer_id": 0,
            "billing": {"first_name": one.name, "email": "", "phone": one.phone},
            "coupon_lines": [{"id": 1, "code": one.code.lower()}] if one.code else [],
            "line_items": [{"id": one.number, "sku": "C3", "quantity": 1, "total": one.amount}],
            "refunds": [refund] if one.refunded else [],
            "meta_data": [],
        }
