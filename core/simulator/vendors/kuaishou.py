"""Kuaishou: its webhook. The signature is the vendor's, the shape of the message is ours: none is published."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

SECRET = "siyu-simulator-kuaishou"


class Kuaishou(Vendor):
    """Calls us; it is not called itself."""

    key = "kuaishou"
    name = Text(zh="快手", en="Kuaishou")
    hosts = ()
    account: ClassVar[Mapping[str, str]] = {
        "kuaishou_secret": SECRET,
        "kuaishou_fields": "id=taskId, kind=event, open_id=data.userId, room_id=data.liveId, text=data.content, "
        "at=data.time, order_no=data.orderNo, amount=data.amount",
    }
    console: ClassVar[Mapping[str, str]] = {"live_id": f"{MARK}9", "keyword": "领福利"}
    retries = (5, 5, 5)
    topics: ClassVar[Mapping[str, Text]] = {
        "comment": Text(zh="评论", en="A comment"),
        "order": Text(zh="订单", en="An order"),
        "test": Text(zh="保存地址时的测试", en="The test of the address"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {"comment": ("person", "text"), "order": ("person", "amount")}

    def forget(self) -> None:
        """No task was numbered."""
        self._tasks = 0

    def answer(self, asked: Asked) -> Reply:
        """Nobody asks it."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """In the shape of its gateway."""
        return say({"result": 0, "error_msg": code}, 404)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """MD5 over the body and the secret."""
        mark = hashlib.md5(news.content + SECRET.encode(), usedforsecurity=False).hexdigest()
        return Posting(url, news.content, {"content-type": "application/json", "kwaisign": mark})

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """One event by hand; `at` (seconds since 1970) is when it happened, now if it is not given."""
        if what == "test":
            return self._news("test", {})
        if what not in self.topics:
            return super().tell(what, fields)
        person, at = fields.get("person") or "somebody", float(fields.get("at") or clock.now().timestamp())
        told: dict[str, JsonValue] = {"userId": person, "liveId": self.settings["live_id"], "time": int(at * 1000)}
        if what == "order":
            number = fields.get("order_no") or f"KS{MARK}{self._tasks:04}"
            told |= {"orderNo": number, "amount": fields.get("amount") or "99.00"}
        else:
            told["content"] = fields.get("text", "")
        return self._news(what, told)

    def a_day(self, day: Day) -> None:
        """Some comment, one in four buys."""
        for number in range(12):
            person = f"{MARK}k{day.rng.randrange(10**9):09}"
            self.later(self.tell("comment", {"person": person, "text": self.settings["keyword"]}))
            if number % 4 == 0:
                self.later(self.tell("order", {"person": person, "amount": f"{day.rng.randrange(39, 299)}.00"}))

    def _news(self, what: str, told: Mapping[str, JsonValue]) -> News:
        self._tasks += 1
        task = f"{MARK}-{int(clock.now().timestamp())}-{self._tasks}"
        return News(what, dump({"taskId": task, "event": what, "data": dict(told)}))
