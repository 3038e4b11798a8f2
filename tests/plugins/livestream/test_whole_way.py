"""From a session to the row of its cost and CAC: by push, webhook, pull, claim page and export, in any order."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, issue_hook
from core.contacts.models import Contact, ContactIdentity
from core.db import reading, writing
from core.ingest.models import Claim
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.simulator.stage import Simulator
from core.simulator.wire import News
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.simulators import Postbox

EIGHT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)
VENDORS = ("douyin_live", "kuaishou", "wechat_shop")
ORDERS = """主订单编号,订单应付金额,订单提交时间,支付完成时间,订单状态,售后状态,收件人手机号,达人ID,达人昵称,流量体裁
69001,100.00,2026-11-21 20:35:00,2026-11-21 20:36:00,已完成,,$$abc==,99001,小林,直播
69002,60.00,2026-11-21 20:40:00,2026-11-21 20:41:00,已完成,,$$abd==,99001,小林,短视频
"""


def minute(number: int) -> str:
    return str((EIGHT + number * MINUTE).timestamp())


SHOW: list[tuple[str, str, dict[str, str]]] = [
    ("douyin_live", "comment", {"person": "s1", "text": "领福利！", "at": minute(5)}),
    ("douyin_live", "comment", {"person": "s2", "text": "领福利", "at": minute(6)}),
    ("douyin_live", "comment", {"person": "s2", "text": "领福利", "at": minute(9)}),
    ("douyin_live", "comment", {"person": "s3", "text": "主播好看", "at": minute(7)}),
    ("douyin_live", "gift", {"person": "s2", "at": minute(8)}),
    ("douyin_live", "message", {"person": "s4", "text": "龙井88", "at": minute(12)}),
    ("kuaishou", "test", {}),
    ("kuaishou", "comment", {"person": "k1", "text": "领福利", "at": minute(15)}),
    ("kuaishou", "order", {"person": "k1", "amount": "50.00", "order_no": "KS1", "at": minute(20)}),
    ("wechat_shop", "buy", {"order_id": "3700000000000000001", "person": "w1", "amount": "128", "at": minute(30)}),
    ("wechat_shop", "buy", {"order_id": "3700000000000000002", "person": "w2", "amount": "80", "at": minute(31)}),
    ("wechat_shop", "refund", {"order_id": "3700000000000000002", "at": minute(50)}),
    ("wechat_shop", "buy", {"order_id": "3700000000000000003", "person": "w3", "amount": "70", "at": minute(32)}),
    ("wechat_shop", "cancel", {"order_id": "3700000000000000003", "at": minute(51)}),
    ("wechat_shop", "lead", {"phone": "13900000009", "at": minute(0)}),
]


@pytest.fixture(autouse=True)
def an_hour_later() -> Iterator[None]:
    with clock.set_to(EIGHT + 60 * MINUTE):
        yield


class Brand:
    """A tenant with one session on three platforms, each simulated."""

    def __init__(self, app: OpenAPI, tenant: Tenant, simulator: Simulator) -> None:
        self.client, self.tenant, self.simulator = RoleClient(app, tenant), tenant, simulator
        simulator.queue.post = Postbox(app)
        self.channel: Channel = make_channel(tenant, "Live", plugin="livestream", settings=settings_of(simulator))
        with writing(tenant.number) as session:
            hook = issue_hook(session, channel_by_number(session, self.channel.number))
        for key in VENDORS:
            simulator.vendors[key].forget()
            simulator.vendors[key].hooks[""] = f"http://localhost/hooks/{hook}"
        douyin, kuaishou = (simulator.vendors[key].settings for key in ("douyin_live", "kuaishou"))
        rooms = f"{douyin['room_id']}, {kuaishou['live_id']}"
        form = {
            "channel_id": str(self.channel.id),
            "name": "Friday",
            "starts_at": EIGHT.isoformat(),
            "ends_at": (EIGHT + 120 * MINUTE).isoformat(),
            "cost": "600.00",
            "detail": {"host": "小林", "host_id": "99001", "room_id": rooms, "spoken": "龙井88"},
        }
        made = self.client.post("/placements", json=form)
        assert made.status_code == 201, made.text
        self.placement: str = made.get_json()["id"]
        self.page = "/l/" + self.client.get(f"/placements/{self.placement}/links").get_json()["items"][0]["code"]

    def news(self) -> list[tuple[str, News]]:
        return [(key, self.simulator.vendors[key].tell(what, fields)) for key, what, fields in SHOW]

    def call_back(self, news: list[tuple[str, News]]) -> None:
        for key, one in news:
            self.simulator.queue.plan(self.simulator.vendors[key], self.simulator.moods[key], one)
        self.simulator.queue.advance(10)
        assert {ack.status for ack in self.postbox.acks} == {200}
        run_pending()

    @property
    def postbox(self) -> Postbox:
        assert isinstance(self.simulator.queue.post, Postbox)
        return self.simulator.queue.post

    def pull(self) -> None:
        submit_due_polls()
        run_pending()

    def upload(self) -> None:
        path = f"/channels/{self.channel.id}/exports?name=orders.csv"
        said = self.client.post(path, data=ORDERS.encode("gb18030"), content_type="application/octet-stream")
        assert said.status_code == 202, said.text
        run_pending()

    def claim(self, page: str, phone: str, **form: str) -> None:
        with clock.set_to(EIGHT + 25 * MINUTE):
            assert self.client.post(page, data={"phone": phone, **form}).status_code == 200

    def state(self) -> dict[str, Any]:
        """All that is stored, without ids of our own."""
        with reading(self.tenant.number) as session:
            roots = {row.number: row.root for row in session.scalars(sa.select(Contact))}
            names: dict[int, list[str]] = defaultdict(list)
            for one in session.scalars(sa.select(ContactIdentity)):
                names[roots[one.contact_number]].append(f"{one.kind} {one.app or ''}")
            known = {number: sorted(names[root]) for number, root in roots.items()}
            touches = [
                (row.kind, row.at, row.detail, row.placement_number, known[row.contact_number])
                for row in session.scalars(sa.select(Touchpoint))
            ]
            orders = [
                (
                    row.order_no,
                    row.state,
                    row.amount_minor,
                    row.refunded_minor,
                    row.placed_at,
                    known[row.contact_number],
                )
                for row in session.scalars(sa.select(Order))
            ]
            claims = [(row.keyword, row.asked_at, row.placement_number) for row in session.scalars(sa.select(Claim))]
        return {"touches": sorted(touches, key=str), "orders": sorted(orders, key=str), "claims": sorted(claims)}


def settings_of(simulator: Simulator) -> dict[str, Any]:
    accounts = {name: value for key in VENDORS for name, value in simulator.vendors[key].account.items()}
    many = ("kuaishou_fields", "wechat_lead_components")
    lists = {name: [part.strip() for part in accounts[name].split(",")] for name in many}
    return {**accounts, **lists, "claim_words": ["领福利"]}


def test_a_session_earns_its_row(app: OpenAPI, tenant: Tenant, simulator: Simulator) -> None:
    brand = Brand(app, tenant, simulator)
    assert brand.client.post(f"/channels/{brand.channel.id}/check").status_code == 200
    brand.call_back(brand.news())
    asked = brand.client.get(f"/placements/{brand.placement}/claims").get_json()["items"]
    assert sorted((one["name"], one["minute"]) for one in asked) == [("", 16), ("观众s1", 6), ("观众s2", 7)]
    own = next(one["url"] for one in asked if one["name"] == "观众s1")
    brand.claim("/l/" + own.split("/l/")[1], "13900000001")
    brand.claim(brand.page, "13900000002", spoken="龙井 88")
    brand.upload()
    with clock.set_to(EIGHT + 130 * MINUTE):
        run_pending()
        query = {"from": "2026-11-01", "to": "2026-12-01", "by": "placement"}
        table = brand.client.get("/insights/costs", query_string=query).get_json()
        form = {"from": "2026-11-01", "to": "2026-12-01", "lookback_days": 30}
        run = brand.client.post("/attribution/runs", json=form).get_json()
        run_pending()
        credits = brand.client.get(f"/attribution/credits?run={run['id']}&by=placement").get_json()["rows"]
    (row,) = [row for row in table["rows"] if row["name"] == "Friday"]
    assert (row["cost"], row["orders"], row["revenue"]) == ("600.00", 4, "278.00")
    assert row["cac"] == "150.0000"
    assert {credit["conversions"] for credit in credits if credit["name"] == "Friday"} == {4.0}
    stored = brand.state()
    assert [order[:4] for order in stored["orders"]] == [
        ("3700000000000000001", "paid", 12800, 0),
        ("3700000000000000002", "refunded", 8000, 8000),
        ("3700000000000000003", "cancelled", 7000, 0),
        ("69001", "paid", 10000, 0),
        ("KS1", "paid", 5000, 0),
    ]
    assert {touch[3] for touch in stored["touches"]} == {1}
    joined = [touch[4] for touch in stored["touches"] if touch[0] == "redeem"]
    assert ["phone ", f"platform_openid {simulator.vendors['douyin_live'].account['douyin_app_id']}"] in joined


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_ends_equal(
    app: OpenAPI, tenant: Tenant, other_tenant: Tenant, simulator: Simulator, seed: int
) -> None:
    straight = Brand(app, tenant, simulator)
    straight.call_back(straight.news())
    straight.claim(straight.page, "13900000002", spoken="龙井88")
    straight.upload()
    messy = Brand(app, other_tenant, simulator)
    news = messy.news() * 2
    random.Random(seed).shuffle(news)
    messy.call_back(news[: len(news) // 2])
    messy.upload()
    messy.claim(messy.page, "13900000002", spoken="龙井88")
    messy.pull()
    with clock.set_to(EIGHT + MONTH):
        messy.call_back(news[len(news) // 2 :])
        messy.pull()
    messy.upload()
    assert messy.state() == straight.state()


def test_forged_callbacks_change_nothing(app: OpenAPI, tenant: Tenant, simulator: Simulator) -> None:
    brand = Brand(app, tenant, simulator)
    for key, one in brand.news():
        vendor = simulator.vendors[key]
        forged = vendor.forge(vendor.pack(one, vendor.hooks[""], clock.now()))
        assert 400 <= brand.postbox(forged, 5.0).status < 500, key
    run_pending()
    assert brand.state() == {"touches": [], "orders": [], "claims": []}
