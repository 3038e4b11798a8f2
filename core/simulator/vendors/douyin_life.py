"""Douyin 生活服务: vouchers sold online and verified in the store, told by open-platform webhooks."""

import hashlib
from datetime import datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.shops import REFUNDS, Bought, ShopVendor, price
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

KEY, SECRET = f"aw{MARK}", "siyu-simulator-douyin-life"
TRADE, CERTIFICATE = "life_trade_order_notify", "life_trade_certificate_notify"
VERIFIED = 0.8


class DouyinLife(ShopVendor):
    """A store on Douyin. Whoever buys a voucher mostly comes and has it verified."""

    key = "douyin_life"
    name = Text(zh="抖音生活服务", en="Douyin local life")
    hosts = ()
    account = {"douyin_client_key": KEY, "douyin_client_secret": SECRET}
    console = {"codes": "", "poi_id": "66001"}
    topics = {**ShopVendor.topics, "verify": Text(zh="核销", en="A voucher verified")}
    asks_for = {**ShopVendor.asks_for, "verify": ("number",)}
    retries = (5, 60, 300)
    ack_within = 5.0
    first_number = 1_000_001

    def answer(self, asked: Asked) -> Reply:
        """Nobody asks it anything."""
        return self.refuse("2190004")

    def refuse(self, code: str) -> Reply:
        """Its shape of a no."""
        return say({"data": {"error_code": int(code), "description": "simulated"}})

    def order_news(self, one: Bought, what: str) -> News:
        """A paid order; a refund or cancellation gives the certificate back."""
        if what == "order":
            order: JsonValue = {
                "order_id": str(one.number),
                "pay_amount": one.cents,
                "original_amount": one.cents,
                "account_id": "7001",
                "poi_id": self.settings["poi_id"],
                "create_time": int(one.moment.timestamp()),
                "pay_time": int(one.moment.timestamp()),
            }
            return _news(TRADE, one, {"action": "pay_success", "order": order})
        back = one.refunded or one.cents
        return _news(CERTIFICATE, one, {"action": "refund_success", "certificate": self._voucher(one, back)})

    def verify(self, one: Bought) -> News:
        """The voucher is scanned at the counter."""
        return _news(CERTIFICATE, one, {"action": "verify", "certificate": self._voucher(one, 0)})

    def tell(self, what: str, fields: dict[str, str]) -> News:  # type: ignore[override]  # only read
        """By hand, also a voucher verified."""
        return self.verify(self.bought[int(fields["number"])]) if what == "verify" else super().tell(what, fields)

    def a_day(self, day: Day) -> None:
        """Vouchers are bought, most are used, a few go back."""
        if not self.hooks:
            return  # nobody listens
        for person in [*day.visitors[::5], *(day.person() for _ in range(4))]:
            sold = self.sell(person, cents=price(day.rng))
            day.orders += 1
            if day.rng.random() < VERIFIED:
                self.later(self.verify(sold))
            elif day.rng.random() < REFUNDS:
                self.later(self.give_back(sold.number, sold.cents))

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """X-Douyin-Signature: SHA-1 of secret and body; Msg-Id names the delivery."""
        signature = hashlib.sha1(SECRET.encode() + news.content, usedforsecurity=False).hexdigest()
        delivery = hashlib.sha256(news.content).hexdigest()[:24]
        headers = {"content-type": "application/json", "x-douyin-signature": signature, "msg-id": delivery}
        return Posting(url, news.content, headers)

    def _voucher(self, one: Bought, back: int) -> JsonValue:
        return {
            "certificate_id": f"C{one.number}",
            "verify_id": f"V{one.number}",
            "order_id": str(one.number),
            "poi_id": self.settings["poi_id"],
            "refund_amount": back,
            "verify_time": int(clock.now().timestamp()),
        }


def _news(event: str, one: Bought, content: dict[str, JsonValue]) -> News:
    content["msg_time"] = int(one.moment.timestamp())
    buyer = f"ou_{hashlib.sha256(one.phone.encode()).hexdigest()[:16]}"
    told: JsonValue = {"event": event, "client_key": KEY, "from_user_id": buyer, "log_id": "sim", "content": content}
    return News(f"{event} ({content['action']})", dump(told))
