"""Callbacks of each source as they should come, doubled, shuffled and a month late: facts and credits end equal.

Every brand lives the same days at simulated vendors of its own. Only then their callbacks come: the same ones, signed
by the vendors, in another way each. Late ones are signed when they come, since vendors sign at every attempt.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask_openapi3 import OpenAPI

from core import clock
from core.campaigns import service
from core.channels.service import channel_by_number, issue_hook
from core.consent.service import grant
from core.db import writing
from core.jobs.runner import run_pending
from core.segments.filters import Everybody
from core.simulator.stage import Simulator
from core.simulator.wire import Ack, Posting
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone
from tests.factories.rewards import RewardingBrand
from tests.factories.tenants import make_tenant
from tests.flows.footprints import Footprint, footprint_of
from tests.flows.test_stores import open_brand, sell
from tests.plugins.livestream.test_whole_way import EIGHT
from tests.plugins.livestream.test_whole_way import Brand as LiveBrand
from tests.plugins.short_video.test_simulated import Brand as VideoBrand
from tests.plugins.sms.stands import AliyunStand
from tests.simulators import Postbox, reachable

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
AT_TEN = NOON + timedelta(hours=10)
MONTH = timedelta(days=30)
PHONES = ("13900000003", "13900000010", "13900000013", "13900000014")


@dataclass
class Brand:
    """A brand that lives its days at vendors of its own."""

    app: OpenAPI
    tenant: Tenant
    simulator: Simulator

    @property
    def client(self) -> RoleClient:
        return RoleClient(self.app, self.tenant)

    def open_hook(self, channel: int, *vendors: str) -> None:
        with writing(self.tenant.number) as session:
            hook = issue_hook(session, channel_by_number(session, channel))
        for key in vendors:
            self.simulator.vendors[key].hooks[""] = f"http://127.0.0.1/hooks/{hook}"

    def tell(self, vendor: str, what: str, **fields: str) -> None:
        self.simulator.tell(vendor, what, fields)

    def shop(self, *phones: str) -> None:
        """Two hours later these people buy in a web shop; the first gives a part back, the last cancels."""
        account: Any = dict(self.simulator.vendors["shopify"].account)
        channel = make_channel(self.tenant, "Web shop", plugin="offline_store", settings=account)
        self.open_hook(channel.number, "shopify")
        with clock.set_to(NOON + timedelta(hours=2)):
            for number, one in enumerate(phones):
                self.tell("shopify", "order", phone=f"+86{one}", amount=f"{100 + number}")
            self.tell("shopify", "refund", number="1001", amount="30")
            self.tell("shopify", "cancel", number=f"{1000 + len(phones)}")


def live_with_texts(brand: Brand) -> None:
    """A campaign goes out: one message fails, one reader opts out, one asks something; two of them buy."""
    stand = AliyunStand()
    brand.simulator.vendors["aliyun"].settings["template"] = stand.vendor.settings["template"]
    channel = make_channel(brand.tenant, "Texts", plugin="sms", settings=stand.form())
    brand.open_hook(channel.number, "aliyun")
    with writing(brand.tenant.number) as session:
        for one in PHONES:
            grant(session, make_contact(session, phone(one), at=NOON), medium="sms", source="test")
        draft = service.Draft(name="Spring", message="", audience=Everybody(), target_url="https://tea.example/")
        service.start(session, service.create_campaign(session, channel_by_number(session, channel.number), draft))
    run_pending()
    brand.shop(*PHONES)


def live_with_cards(brand: Brand) -> None:
    """Holders redeem cards and claim red packets: two take theirs, one fails; all scan live codes, one leaves."""
    cards = RewardingBrand(brand.client, brand.tenant, brand.simulator)
    cards.join()
    phones = PHONES[:3]
    for number, one in enumerate(phones):
        cards.claim(number, phone=one)
    for what in ("confirm", "confirm", "fail"):
        brand.tell("wechat_pay", what)
    for _ in phones:
        cards.scan()
    with clock.set_to(NOON + timedelta(hours=3)):
        brand.tell("wecom", "leave")
    brand.shop(*phones)


def live_with_shows(brand: Brand) -> None:
    """A session on three platforms: comments, a gift, orders, a refund, a cancellation, a lead."""
    with clock.set_to(AT_TEN):
        live = LiveBrand(brand.app, brand.tenant, brand.simulator)
        with clock.set_to(EIGHT):
            live.pull()
        live.claim(live.page, "13900000002", spoken="龙井88")
        for key, one in live.news():
            brand.simulator.queue.plan(brand.simulator.vendors[key], brand.simulator.moods[key], one)


def live_with_unpolled_shop(brand: Brand) -> None:
    """A WeChat shop that nobody ever polled: only its pushes tell of orders, however long ago those were placed."""
    with clock.set_to(AT_TEN):
        live = LiveBrand(brand.app, brand.tenant, brand.simulator)
        shop = brand.simulator.vendors["wechat_shop"]
        for key, one in live.news():
            if key == shop.key and '"order_id"' in one.content.decode():
                brand.simulator.queue.plan(shop, brand.simulator.moods[key], one)


def live_with_videos(brand: Brand) -> None:
    """Leads of three vendors that tell when a form was sent; some of these people buy."""
    VideoBrand(brand.client, brand.tenant, brand.simulator)
    for number, key in enumerate(("tiktok", "xiaohongshu", "meta", "xiaohongshu")):
        brand.tell(key, "lead", phone=f"+86{PHONES[number]}", name="李雷")
    brand.shop(*PHONES)


def live_with_stores(brand: Brand) -> None:
    """People scan a poster and buy at the till; one receipt is refunded in part, one cancelled."""
    store = open_brand(brand.app, brand.simulator, "till")
    brand.tenant = store.tenant
    till = brand.simulator.vendors["till"]
    till.hooks[""] = f"http://127.0.0.1{store.hook}"
    with till.lock, clock.set_to(NOON + timedelta(hours=2)):
        sell(till)
    brand.simulator.flush()


SOURCES: dict[str, tuple[Callable[[Brand], None], str]] = {
    "sms": (live_with_texts, "Texts"),
    "package_card": (live_with_cards, "Cards"),
    "livestream": (live_with_shows, "Live"),
    "wechat_shop": (live_with_unpolled_shop, "Live"),
    "short_video": (live_with_videos, "Video"),
    "offline_store": (live_with_stores, "Stores"),
}
"""How a brand lives with each source, and the name of its channel."""
PARTS = {"sms": ("deliveries",), "package_card": ("payouts", "joins", "costs", "relations", "left")}
"""What a source fills beside people, touches and orders."""


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def sign_all(brand: Brand) -> list[Posting]:
    """All callbacks that wait at the vendors, in their order, signed now."""
    signed: list[Posting] = []

    def take(posting: Posting, within: float) -> Ack:
        signed.append(posting)
        is_sealed = "msg_signature=" in posting.url
        return Ack(200, b"success" if is_sealed else b'{"code":0,"msg":"success"}')

    brand.simulator.queue.post = take
    brand.simulator.queue.advance(86_400)
    assert not brand.simulator.queue.waiting()
    return signed


def in_order(postings: list[Posting]) -> list[Posting]:
    return postings


def doubled(postings: list[Posting]) -> list[Posting]:
    return [one for one in postings for _ in range(2)]


def shuffled(postings: list[Posting]) -> list[Posting]:
    return random.Random(2026).sample(postings, len(postings))


WAYS: dict[str, tuple[Callable[[list[Posting]], list[Posting]], timedelta]] = {
    "in order": (in_order, timedelta()),
    "doubled": (doubled, timedelta()),
    "shuffled": (shuffled, timedelta()),
    "late": (in_order, MONTH),
}


def live(app: OpenAPI, source: str, way: str) -> Footprint:
    """A brand's days, its callbacks in one of the ways, and what is in its books a month later."""
    arrange, delay = WAYS[way]
    simulator = Simulator()
    with reachable(simulator):
        brand = Brand(app, make_tenant(name="Tea"), simulator)
        SOURCES[source][0](brand)
        with clock.set_to(AT_TEN + delay):
            box = Postbox(app)
            for turn, one in enumerate(arrange(sign_all(brand))):
                assert 200 <= box(one, 5).status < 300, (one.url, box.acks[-1].body)
                if turn % 3 == 0:
                    run_pending()
            run_pending()
        with clock.set_to(AT_TEN + MONTH + timedelta(days=1)):
            return footprint_of(brand.client, brand.tenant)


@pytest.mark.parametrize(
    ("db", "source"),
    [
        *(("sqlite", source) for source in SOURCES),
        pytest.param("postgres", "package_card", marks=pytest.mark.postgres),
    ],
    indirect=["db"],
)
def test_any_way_brings_equal_credits(app: OpenAPI, source: str) -> None:
    prompt = live(app, source, "in order")
    assert all(prompt[part] for part in ("people", "touches", "orders", *PARTS.get(source, ())))
    credited = {row["name"] for row in prompt["credits by channel"] if row["conversions"] > 0}
    assert SOURCES[source][1] in credited
    for way in ("doubled", "shuffled", "late"):
        messy = live(app, source, way)
        for part, rows in prompt.items():
            assert messy[part] == rows, (way, part)
