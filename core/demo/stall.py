"""One brand's side of the demo: its channels, what it puts out, and its days."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import sqlalchemy as sa

from core import clock, settings
from core.db import reading
from core.deliveries.models import Delivery
from core.demo.brands import DAYS, Brand
from core.demo.hand import Hand
from core.demo.story import Day, Person, Purchase, Scan, Visit, tell
from core.placements.cards import serials_of
from core.placements.links import recipient_codes
from core.placements.models import Link
from core.placements.service import find_placement
from core.simulator.vendors.customers import Customers, Shop
from core.simulator.vendors.operators import Desk, Operators
from core.tenants.models import Tenant

PARCELS = 300
"""How many cards lie in the parcels of the days after the demo's past."""

SMS = "早春新品到店，老客专享九折，点开看看 ${link} 拒收请回复R"


@dataclass
class Stall:
    """A brand at work. `start` is midnight of its first day, in its own zone."""

    hand: Hand
    brand: Brand
    tenant: Tenant
    start: datetime
    link_prefix: str
    write_key: str = ""
    channels: dict[str, str] = field(default_factory=dict)
    serials: list[str] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    sent: set[int] = field(default_factory=set)
    feed_code: str = ""

    def path(self, rest: str) -> str:
        """The brand's own address in the API."""
        return f"/v1/tenants/{self.tenant.id}{rest}"

    @property
    def signature(self) -> str:
        """What the brand's texts are signed with."""
        return self.brand.name.split()[0]

    def hand_over(self) -> None:
        """Leave the shop and the unopened parcels to the simulated customers, who live on after today."""
        customers = self.hand.vendors.vendors["customers"]
        assert isinstance(customers, Customers)
        config = settings.current()
        customers.shops.append(
            Shop(
                label=self.signature,
                api=f"http://127.0.0.1:{config.api_port}",
                write_key=self.write_key,
                address=self.brand.shop,
                basket=self.brand.basket,
                link=self.feed_code,
                serials=self._print_batch(len(self.brand.skus) + 1, PARCELS, starts_day=DAYS, days=60),
            )
        )

        self._hand_desk_over(config.api_port)

    def _hand_desk_over(self, port: int) -> None:
        """Leave a key to the simulated operators, with which they may make campaigns and nothing else."""
        operators = self.hand.vendors.vendors["operators"]
        assert isinstance(operators, Operators)
        with self.hand.at(self._at(timedelta(days=DAYS))):
            body = {
                "name": f"模拟的一天 Simulated days {self.signature}",
                "tenant_id": str(self.tenant.id),
                "scopes": ["campaigns:read", "campaigns:write"],
            }
            key = self.hand.ask("POST", "/v1/keys", body=body)["secret"]
        operators.desks.append(
            Desk(
                label=self.signature,
                api=f"http://127.0.0.1:{port}{self.path('/campaigns')}",
                key=key,
                channel=self.channels["sms"],
                target=f"{self.brand.shop}/today",
            )
        )

    def open(self) -> None:
        """Configure the channels and put out the first placements."""
        self.days = tell(self.brand)
        self._channel("card", "package_card", "包裹卡 Package cards", {})
        sms = self._channel("sms", "sms", "短信 Text messages", self._sms_settings())
        hook = f"http://localhost:{settings.current().api_port}/hooks/{sms['hook_url'].rpartition('/')[2]}"
        self.hand.vendors.vendors["aliyun"].hooks[self.signature] = hook
        self.write_key = self._channel("web", "web", "网店 Web shop", {"is_phone_trusted": True})["write_key"]
        self._channel("feed", "other", "信息流广告 Feed ads", {})
        self._print_cards()
        self._buy_ads()
        self._import_members()

    def live(self, day: int) -> None:
        """One day: parcels are opened, people visit and buy, and now and then a message goes out."""
        told = self.days[day]
        for scan in sorted(told.scans, key=lambda scan: scan.at):
            self._scan(scan)
        calls = [c for v in told.visits for c in self._visit(v)]
        calls += [c for p in told.purchases for c in self._purchase(p)]
        evening = self._at(timedelta(days=day + 1) - timedelta(seconds=1))
        if calls:
            calls.sort(key=lambda call: str(call["timestamp"]))
            with clock.set_to(evening):
                self.hand.send_calls(self.write_key, calls, evening)

    def blast(self, day: int) -> str:
        """Send a text message to everybody who agreed; returns the campaign's id."""
        with self.hand.at(self._at(timedelta(days=day, hours=10))):
            made = self.hand.ask(
                "POST",
                self.path("/campaigns"),
                body={
                    "name": f"第 {self.brand.blasts.index(day) + 1} 次短信 SMS blast",
                    "channel_id": self.channels["sms"],
                    "message": SMS,
                    "target_url": f"{self.brand.shop}/spring",
                    "audience": {"type": "reachable", "kind": "phone"},
                    "cost": "38.00",
                },
            )
            if day == self.brand.blasts[-1]:
                self._hold_out(made["placement_id"])
            self.hand.ask("POST", self.path(f"/campaigns/{made['id']}/start"))
        return str(made["id"])

    def _hold_out(self, placement: str) -> None:
        """What did the message really bring? Some of those who agreed are drawn by lot and do not get it."""
        body = {"name": "短信有用吗 Do messages sell?", "placement_id": placement, "share": 0.2, "window_days": 7}
        self.hand.ask("POST", self.path("/experiments"), body=body)

    def click_links(self, day: int, *, share: float = 0.16) -> None:
        """Some of those who got the message follow their own link in the hours after it."""
        rng = np.random.default_rng(self.brand.seed + day)
        codes = self._recipient_codes()
        chosen = [code for code in codes if rng.random() < share]
        for code in chosen:
            with clock.set_to(self._at(timedelta(days=day, hours=10 + float(rng.exponential(3.0)) % 12))):
                self.hand.click(code)

    def _channel(self, key: str, plugin: str, name: str, settings: dict[str, object]) -> dict[str, str]:
        body = {"plugin": plugin, "name": name, "settings": settings}
        made: dict[str, str] = self.hand.ask("POST", self.path("/channels"), body=body)
        self.channels[key] = made["id"]
        return made

    def _sms_settings(self) -> dict[str, object]:
        aliyun = self.hand.vendors.vendors["aliyun"]
        aliyun.settings["template"] = SMS.replace("${link}", self.link_prefix + "${code}")
        return {
            "signature": self.signature,
            "template": SMS,
            "link_prefix": self.link_prefix,
            "provider": {"kind": "aliyun", **aliyun.account},
        }

    def _print_cards(self) -> None:
        for number in range(1, len(self.brand.skus) + 1):
            self.serials += self._print_batch(number, self.brand.cards_a_batch, starts_day=0, days=DAYS)
        np.random.default_rng(self.brand.seed).shuffle(self.serials)

    def _print_batch(self, number: int, count: int, *, starts_day: int, days: int) -> list[str]:
        sku = self.brand.skus[(number - 1) % len(self.brand.skus)]
        cost = Decimal(self.brand.card_cost) * count / self.brand.cards_a_batch
        body = {
            "channel_id": self.channels["card"],
            "name": f"{sku} 第 {number} 批",
            "cost": f"{cost:.2f}",
            "detail": {"batch": f"2026-{number:02d}", "sku": sku.split()[0]},
            "ends_at": self._at(timedelta(days=starts_day + days)).isoformat(),
        }
        with self.hand.at(self._at(timedelta(days=starts_day))):
            placement = self.hand.ask("POST", self.path("/placements"), body=body)
            for first in range(0, count, 1000):
                size = {"count": min(count - first, 1000)}
                self.hand.ask("POST", self.path(f"/placements/{placement['id']}/codes"), body=size)
        with reading(self.tenant.number) as session:
            row = find_placement(session, placement["id"])
            return list(serials_of(session, row, range(1, count + 1)))

    def _buy_ads(self) -> None:
        total = f"{self.brand.paid_cost * DAYS:.2f}"
        body = {
            "channel_id": self.channels["feed"],
            "name": "春季信息流 Spring feed",
            "cost": total,
            "ends_at": self._at(timedelta(days=DAYS) - timedelta(seconds=1)).isoformat(),
            "target_url": self.brand.shop,
        }
        placement = self.hand.ask("POST", self.path("/placements"), body=body)
        links = self.hand.ask("GET", self.path(f"/placements/{placement['id']}/links"))
        self.feed_code = links["items"][0]["code"]

    def _import_members(self) -> None:
        """The members a brand had before: a list from its shops, imported as an operator would."""
        rng = np.random.default_rng(self.brand.seed + 1)
        prefix = f"1{3 if self.brand.key == 'tea' else 5}9"
        lines = ["手机号,加入时间,渠道,标签,邀请人"]
        for number in range(self.brand.members):
            joined = self._at(timedelta(days=-400 * (1 - (number + float(rng.uniform())) / self.brand.members) - 0.5))
            # A third came because a member said so; those who bring people are few.
            inviter = f"{prefix}{int(number * rng.uniform() ** 3):08d}" if number and rng.random() < 0.33 else ""
            lines.append(f"{prefix}{number:08d},{joined:%Y-%m-%d %H:%M:%S},门店会员 Store members,老会员,{inviter}")
        raw = "\n".join(lines).encode("gb18030")
        made = self.hand.ask("POST", self.path("/imports?kind=contacts&name=members.csv"), raw=raw)
        change = {"mapping": made["mapping"], "create_channels": True}
        self.hand.ask("PUT", self.path(f"/imports/{made['id']}"), body=change)
        self.hand.ask("POST", self.path(f"/imports/{made['id']}/start"))

    def _scan(self, scan: Scan) -> None:
        if not self.serials:
            return
        serial = self.serials.pop()
        with clock.set_to(self._at(scan.at)):
            self.hand.redeem(serial, scan.person.phone, consents=not scan.is_curious)

    def _visit(self, visit: Visit) -> list[dict[str, object]]:
        page: dict[str, object] = {"url": self.brand.shop, "title": self.brand.name}
        if visit.source == "feed":
            page["url"] = f"{self.brand.shop}?utm_source=feed&siyu_code={self.feed_code}"
        view = self._call(visit.person, visit.at, "page", f"v{visit.at}")
        view |= {"properties": page, "context": {"page": page}}
        if not visit.tells_phone:
            return [view]
        signs_in = self._call(visit.person, visit.at, "identify", f"i{visit.at}")
        signs_in |= {"userId": visit.person.key, "traits": {"phone": visit.person.phone}}
        return [view, signs_in] if visit.is_seen else [signs_in]

    def _purchase(self, purchase: Purchase) -> list[dict[str, object]]:
        call = self._call(purchase.person, purchase.at, "track", purchase.number)
        told = {"order_id": purchase.number, "total": purchase.amount, "currency": "CNY"}
        call |= {"userId": purchase.person.key, "event": "Order Completed", "properties": told}
        if not purchase.is_refunded:
            return [call]
        back = call | {"messageId": f"{call['messageId']}-r", "event": "Order Refunded"}
        return [call, back]

    def _call(self, person: Person, at: timedelta, kind: str, name: str) -> dict[str, object]:
        return {
            "type": kind,
            "messageId": f"{person.key}-{name}".replace(" ", ""),
            "anonymousId": person.cookie,
            "timestamp": self._at(at).isoformat(),
        }

    def _recipient_codes(self) -> list[str]:
        with reading(self.tenant.number) as session:
            rows = session.execute(
                sa.select(Delivery.number, Link)
                .join(Link, Link.placement_number == Delivery.placement_number)
                .where(Delivery.state == "delivered")
            ).all()
            fresh = [(link, number) for number, link in rows if number not in self.sent]
            self.sent |= {number for _, number in fresh}
            return [code for link, number in fresh for code in recipient_codes(session, link, [number])]

    def _at(self, after: timedelta) -> datetime:
        return self.start + after
