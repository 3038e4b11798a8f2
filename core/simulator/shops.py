"""What simulated shops and tills have in common: whom they sold to, what came back, and a day of sales."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import ClassVar

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.simulator.day import Day, Person
from core.simulator.vendor import Vendor
from core.simulator.wire import News

KEPT = 500
BUYS, REFUNDS, STRANGERS = 0.35, 0.06, 3


@dataclass(frozen=True)
class Bought:
    """One order, in hundredths. `refunded` is what went back so far; `code` a discount's or clerk's."""

    number: int
    at: str
    phone: str
    name: str
    cents: int
    code: str = ""
    refunded: int = 0
    is_cancelled: bool = False

    @property
    def moment(self) -> datetime:
        """When it was paid."""
        return datetime.fromisoformat(self.at)

    @property
    def amount(self) -> str:
        """In major units."""
        return f"{Decimal(self.cents) / 100:.2f}"


class ShopVendor(Vendor):
    """A shop. What it tells of an order is its whole present state, as real shops do."""

    daytime = "evening"
    console: ClassVar[Mapping[str, str]] = {"codes": ""}
    topics: ClassVar[Mapping[str, Text]] = {
        "order": Text(zh="下一单", en="An order"),
        "refund": Text(zh="退款", en="A refund"),
        "cancel": Text(zh="取消", en="A cancellation"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "order": ("phone", "amount", "code"),
        "refund": ("number", "amount"),
        "cancel": ("number",),
    }
    first_number = 1001

    def forget(self) -> None:
        """No orders yet."""
        self.bought: dict[int, Bought] = {}

    def remember(self) -> JsonValue:
        """The latest orders."""
        return [asdict(one) for one in list(self.bought.values())[-KEPT:]]

    def recall(self, kept: JsonValue) -> None:
        """The orders again."""
        if isinstance(kept, list):
            orders = [Bought(**one) for one in kept if isinstance(one, dict)]  # type: ignore[arg-type]  # as kept
            self.bought = {one.number: one for one in orders}

    @abstractmethod
    def order_news(self, one: Bought, what: str) -> News:
        """The order as it is now; `what` is order, refund or cancel."""

    def sell(self, person: Person, *, cents: int, code: str = "", at: datetime | None = None) -> Bought:
        """Somebody buys; the news of it is on its way."""
        number = max(self.bought, default=self.first_number - 1) + 1
        sold = Bought(number, (at or clock.now()).isoformat(), person.phone, person.name, cents, code)
        self.bought[number] = sold
        self.later(self.order_news(sold, "order"))
        return sold

    def give_back(self, number: int, cents: int) -> News:
        """A part of an order, or all of it, goes back."""
        one = self.bought[number]
        left = one.cents - one.refunded
        self.bought[number] = one = replace(one, refunded=one.refunded + min(cents or left, left))
        return self.order_news(one, "refund")

    def cancel(self, number: int) -> News:
        """An order is taken back."""
        self.bought[number] = one = replace(self.bought[number], is_cancelled=True)
        return self.order_news(one, "cancel")

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """An order, a refund or a cancellation by hand."""
        if what == "order":
            cents = int(Decimal(fields.get("amount") or "99") * 100)
            sold = self.sell(Person("", fields.get("phone", "")), cents=cents, code=fields.get("code", ""))
            self.outbox.clear()
            return self.order_news(sold, "order")
        if what == "refund":
            return self.give_back(int(fields["number"]), int(Decimal(fields.get("amount") or 0) * 100))
        if what == "cancel":
            return self.cancel(int(fields["number"]))
        return super().tell(what, fields)

    def a_day(self, day: Day) -> None:
        """Some of those who came today buy, a few strangers do, and now and then something goes back."""
        if not self.hooks:
            return  # nobody listens
        buyers = [person for person in day.visitors if day.rng.random() < BUYS]
        buyers += [day.person() for _ in range(STRANGERS)]
        for person in buyers:
            sold = self.sell(person, cents=price(day.rng), code=self.any_code(day.rng))
            if day.rng.random() < REFUNDS:
                self.later(self.give_back(sold.number, sold.cents // 2))
        day.orders += len(buyers)

    def any_code(self, rng: Random) -> str:
        """One of the codes that the operator set at the vendor, or none."""
        codes = [code for code in self.settings.get("codes", "").replace(",", " ").split() if code]
        return rng.choice(codes) if codes and rng.random() < 0.6 else ""


def price(rng: Random) -> int:
    """What somebody spends, in hundredths."""
    return int(rng.lognormvariate(4.6, 0.5) * 100)
