"""The demo's store: a poster at the door, two clerks, an opening event, and a till that tells what they sell."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from core import clock, settings
from core.demo.stall import Stall
from core.simulator.day import Person
from core.simulator.shops import ShopVendor, price

CLERKS = {"A017": "林安娜 Anna", "A018": "周本 Ben"}
OPEN_EVERY = 2
"""Days between the store's days that are told, so that the demo stays quick."""


@dataclass
class Counter:
    """One store of a brand. Its till is the simulated one, which lives on after the demo's past."""

    stall: Stall
    code: str = ""

    @property
    def till(self) -> ShopVendor:
        """The simulated till."""
        found = self.stall.hand.vendors.vendors["till"]
        assert isinstance(found, ShopVendor)
        return found

    def open(self) -> None:
        """Configure the channel, hang the poster, hire two clerks, plan the opening event."""
        made = self._ask("/channels", plugin="offline_store", name="门店 Stores", settings=dict(self.till.account))
        port = settings.current().api_port
        self.till.hooks[""] = f"http://localhost:{port}/hooks/{made['hook_url'].rpartition('/')[2]}"
        days = {"ends_at": (self.stall.start + timedelta(days=150)).isoformat()}
        store = self._place(made["id"], "静安店 Jing'an store", {"place": "store", "number": "SH01"}, "4500.00", days)
        for code, name in CLERKS.items():
            self._place(made["id"], f"{name} {code}", {"place": "staff", "code": code, "belongs_to": "SH01"}, "0", {})
        gift = {"place": "event", "belongs_to": "SH01", "gift_zh": "帆布袋", "gift_en": "Tote bag", "gift_stock": 60}
        self._place(made["id"], "开业活动 Opening days", gift, "380.00", days)
        links = self.stall.hand.ask("GET", self.stall.path(f"/placements/{store}/links"))
        self.code = links["items"][0]["code"]
        self.till.settings |= {"codes": ", ".join(CLERKS), "poster": f"http://localhost:{port}/t/{self.code}?q"}

    def live(self, day: int) -> None:
        """People come in, most leave their number, most buy; the till tells it in the evening."""
        if day % OPEN_EVERY:
            return
        rng, hand = Random(self.stall.brand.seed + day), self.stall.hand
        for number in range(rng.randint(2, 5)):
            person = Person("", f"+86172{day:04}{number:04}")
            with clock.set_to(self.stall.start + timedelta(days=day, hours=rng.uniform(10, 21))):
                if rng.random() < 0.7:
                    hand.join(self.code, person.phone)
                if rng.random() < 0.7:
                    self.till.sell(person, cents=price(rng), code=rng.choice(["", *CLERKS]))
        evening = self.stall.start + timedelta(days=day, hours=22)
        with clock.set_to(evening):
            hand.vendors.flush()
        with clock.set_to(evening + timedelta(minutes=1)):
            hand.vendors.queue.deliver_due()

    def _place(self, channel: str, name: str, detail: dict[str, object], cost: str, more: dict[str, str]) -> str:
        made = self._ask("/placements", channel_id=channel, name=name, detail=detail, cost=cost, **more)
        return made["id"]

    def _ask(self, rest: str, **body: object) -> dict[str, str]:
        made: dict[str, str] = self.stall.hand.ask("POST", self.stall.path(rest), body=body)
        return made
