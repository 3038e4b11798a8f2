"""The brands' own customers and web shops: no vendor, but on a simulated day they come, scan cards and buy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from pydantic import JsonValue, TypeAdapter

from core import clock
from core.sdk import Text
from core.simulator.day import Day, Person
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, Reply, say

CARDS, PASSERS_BY = 4, 14
SIGNS_IN, BUYS, BUYS_BY_CARD = 0.4, 0.35, 0.45


@dataclass
class Shop:
    """One brand: where its SDK calls go, with which key, and the parcels that lie unopened."""

    label: str
    api: str
    write_key: str
    address: str
    basket: float = 100.0
    link: str = ""
    serials: list[str] = field(default_factory=list)


class Customers(Vendor):
    """Whoever came today by any channel looks round in the shop; others come by themselves."""

    key = "customers"
    name = Text(zh="顾客与网店", en="Customers and shops")
    hosts = ()
    account: ClassVar[Mapping[str, str]] = {}
    daytime = "evening"

    def forget(self) -> None:
        """Shops stay, as hooks do."""
        if not hasattr(self, "shops"):
            self.shops: list[Shop] = []

    def remember(self) -> JsonValue:
        """The shops, with the parcels that are left."""
        return [asdict(shop) for shop in self.shops]

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.shops = TypeAdapter(list[Shop]).validate_python(kept or [])

    def answer(self, asked: Asked) -> Reply:
        """Nobody calls customers."""
        return self.refuse("none")

    def refuse(self, code: str) -> Reply:
        """Nobody is there."""
        return say({"error": code}, 404)

    def a_day(self, day: Day) -> None:
        """Guests of today's channels, some who open a parcel, and passers-by."""
        for shop in self.shops:
            guests = [one for one in day.visitors if one.label == shop.label]
            calls = [call for guest in guests for call in _visit(day, shop, guest, BUYS)]
            for guest in _open_parcels(day, shop):
                calls += _visit(day, shop, guest, BUYS_BY_CARD)
            for _ in range(day.rng.randrange(PASSERS_BY // 2, PASSERS_BY)):
                calls += _visit(
                    day, shop, day.person(shop.label), 0.1, came_by="feed" if day.rng.random() < 0.5 else ""
                )
            body: JsonValue = {"batch": calls, "sentAt": clock.now().isoformat()}
            status = day.send(f"{shop.api}/v1/batch", body, user=shop.write_key) if calls else 0
            day.note(f"{shop.label}: {len(calls)} SDK calls, {status}")


def _open_parcels(day: Day, shop: Shop) -> list[Person]:
    """Cards are scanned and redeemed, and what they earned is claimed."""
    found: list[Person] = []
    for _ in range(min(CARDS, len(shop.serials))):
        person, address = day.person(shop.label), f"{shop.api}/c/{shop.serials.pop()}"
        if 0 < day.redeem(address, person) < 400:
            found.append(person)
    return found


def _visit(day: Day, shop: Shop, guest: Person, buys: float, *, came_by: str = "") -> list[JsonValue]:
    """The SDK calls of one visit: a page, perhaps a sign-in, perhaps an order."""
    name = f"{day.rng.getrandbits(48):012x}"
    at = clock.now().isoformat()
    page = f"{shop.address}?utm_source=feed&siyu_code={shop.link}" if came_by and shop.link else shop.address
    about: dict[str, JsonValue] = {"anonymousId": f"anon-{guest.phone[-8:]}", "timestamp": at}
    context: JsonValue = {"page": {"url": page}}
    calls: list[JsonValue] = [
        {**about, "type": "page", "messageId": f"day-{name}-v", "properties": {"url": page}, "context": context}
    ]
    is_buying = day.rng.random() < buys
    if not is_buying and day.rng.random() > SIGNS_IN:
        return calls
    about["userId"] = f"day-{guest.phone[-8:]}"
    calls.append({**about, "type": "identify", "messageId": f"day-{name}-i", "traits": {"phone": guest.phone}})
    if is_buying:
        day.orders += 1
        order: JsonValue = {
            "order_id": f"day-{name}",
            "total": f"{shop.basket * day.rng.lognormvariate(0, 0.4):.2f}",
            "currency": "CNY",
        }
        calls.append(
            {**about, "type": "track", "event": "Order Completed", "messageId": f"day-{name}-o", "properties": order}
        )
    return calls
