"""A till in a store: people scan the poster at the door, buy, and some claim the receipt; Standard Webhooks."""

import base64
import hashlib
import hmac
from datetime import datetime

from pydantic import JsonValue

from core.sdk import Text
from core.sdk.moments import CHINA
from core.simulator.day import Day, Person
from core.simulator.shops import Bought, ShopVendor, price
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

KEY = b"siyu-simulator-till-webhooks-key"
COMERS, BUYERS, MEMBERS = 12, 0.6, 0.4


class Till(ShopVendor):
    """The till tells each receipt in our own field names. `poster` is the address in the store's QR code."""

    key = "till"
    name = Text(zh="门店收银机", en="Till in a store")
    hosts = ()
    account = {"pos_secret": f"whsec_{base64.b64encode(KEY).decode()}", "pos_signature": "standard_webhooks"}
    console = {"codes": "", "store_id": "SH01", "poster": ""}
    retries = (5, 300, 1800)
    ack_within = 15.0

    def answer(self, asked: Asked) -> Reply:
        """Nobody asks it anything."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """A no."""
        return say({"error": code}, 404)

    def order_news(self, one: Bought, what: str) -> News:
        """A receipt; a refund or cancellation is a receipt of its own that names the first."""
        number = self.receipt_of(one)
        told: dict[str, JsonValue] = {
            "order_no": number,
            "store_id": self.settings["store_id"],
            "paid_at": one.moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "amount": one.amount,
            "currency": "CNY",
            "phone": one.phone,
            "code": one.code,
        }
        if what != "order":
            back = one.refunded if what == "refund" else one.cents
            told |= {"order_no": f"{number}-R", "refund_of": number, "amount": f"-{back / 100:.2f}"}
        return News(what, dump(told))

    def receipt_of(self, one: Bought) -> str:
        """The number on the paper."""
        return f"{self.settings['store_id']}-{one.moment.astimezone(CHINA):%Y%m%d}-{one.number}"

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Standard Webhooks 1.0; the same news has the same id at every attempt."""
        name, second = f"msg_{hashlib.sha256(news.content).hexdigest()[:24]}", str(int(at.timestamp()))
        signed = hmac.new(KEY, f"{name}.{second}.".encode() + news.content, hashlib.sha256).digest()
        headers = {"content-type": "application/json", "webhook-id": name, "webhook-timestamp": second}
        headers |= {"webhook-signature": f"v1,{base64.b64encode(signed).decode()}"}
        return Posting(url, news.content, headers)

    def a_day(self, day: Day) -> None:
        """People scan the poster; most buy, some give their number at the till, some claim the receipt afterwards."""
        poster = self.settings["poster"]
        if not self.hooks:
            return  # nobody listens
        page = poster.partition("?")[0].replace("/t/", "/l/")
        for person in (day.person() for _ in range(COMERS)):
            if poster:
                day.visit(poster, person)
            receipt = ""
            if day.rng.random() < BUYERS:
                phone = person.phone if day.rng.random() < MEMBERS else ""
                anybody = Person(person.name, phone)
                day.orders += 1
                receipt = self.receipt_of(self.sell(anybody, cents=price(day.rng), code=self.any_code(day.rng)))
            if poster and day.rng.random() < 0.5:
                day.visit(page, person, {"phone": person.phone, "receipt": receipt})
