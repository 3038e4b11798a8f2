"""From the placement to the row of its cost and CAC: by push, notice, pull, measuring and import, in any order."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, issue_hook
from core.contacts.models import Contact, ContactIdentity
from core.db import reading, writing
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.placements.models import PlacementFigure
from core.plugin_host import host
from core.sdk import plain_form
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.core.sdk.leads.bodies import GOOGLE_PUSH, META_LEAD, META_NOTICE, RED_PUSH, as_body
from tests.factories.channels import make_channel
from tests.plugins.short_video.standins import SETTINGS, channel, reply, signed

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
MONTH = timedelta(days=30)
LIFE: dict[str, Any] = {
    "clue_id": "7400000000000000001",
    "create_time_detail": "2026-11-21 10:00:00",
    "telephone": "13900000001",
    "action_type": "SHORT_VIDEO",
    "flow_type": "AD",
    "content_id": "v1",
}
ORDERS = """主订单编号,订单应付金额,订单提交时间,支付完成时间,订单状态,售后状态,收件人手机号,视频ID,流量体裁
6001,100.00,2026-11-21 10:30:00,2026-11-21 10:31:00,已完成,,13900000004,v1,短视频
6002,60.00,2026-11-21 10:40:00,2026-11-21 10:41:00,已完成,,$$abc==,v1,短视频
"""
FIGURES = "视频ID,日期,播放量,涨粉量,消耗\nv1,2026-11-20,1000,20,40.00\nv1,2026-11-21,500,5,20.00\n"


def answer(request: httpx.Request) -> httpx.Response:
    """Every vendor that is asked."""
    if request.url.host == "graph.facebook.com":
        return reply(META_LEAD if request.url.path.endswith("/91") else {"data": [META_LEAD]})
    if request.url.host == "open.douyin.com":
        return reply({"data": {"error_code": 0, "result": {"total_like": 70, "total_share": 9}}})
    rows = [LIFE] if request.url.path.endswith("life/get/") else []
    return reply({"code": 0, "data": {"list": rows, "page_info": {"page": 1, "total_page": 1}}})


PUSHES: list[tuple[bytes, dict[str, str]]] = [
    (body, {name: signed(body, algorithm, f"{algorithm}=")})
    for told, name, algorithm in (
        (RED_PUSH | {"data": RED_PUSH["data"] | {"note_id": "v1"}}, "X-Red-Signature", "sha1"),
        (META_NOTICE, "X-Hub-Signature-256", "sha256"),
    )
    for body in [as_body(told)]
] + [(as_body(GOOGLE_PUSH), {})]


@pytest.fixture(autouse=True)
def vendors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(host(), "channels", host().channels | {"short_video": channel(answer)})
    with clock.set_to(NOW):
        yield


class Brand:
    """A tenant with one video, and what a day brings it."""

    def __init__(self, client: RoleClient, tenant: Tenant, name: str) -> None:
        self.client, self.tenant = client, tenant
        self.channel: Channel = make_channel(tenant, name, plugin="short_video", settings=plain_form(SETTINGS))
        with writing(tenant.number) as session:
            self.hook = issue_hook(session, channel_by_number(session, self.channel.number))
        form = {"channel_id": str(self.channel.id), "name": "V1", "starts_at": "2026-11-20T00:00:00+08:00"}
        detail = {"platform": "douyin", "item_id": "v1", "ad_id": "31, 30000000001"}
        made = client.post("/placements", json=form | {"detail": detail})
        assert made.status_code == 201, made.text
        self.placement: str = made.get_json()["id"]

    def push(self, turn: int) -> None:
        body, headers = PUSHES[turn]
        said = self.client.post(f"/hooks/{self.hook}", data=body, headers=headers, content_type="application/json")
        assert said.status_code == 200, said.text

    def upload(self, text: str) -> None:
        path = f"/channels/{self.channel.id}/exports?name=x.csv"
        said = self.client.post(path, data=text.encode(), content_type="application/octet-stream")
        assert said.status_code == 202, said.text

    def pull(self) -> None:
        submit_due_polls()
        run_pending()

    def deeds(self) -> list[Any]:
        pushes = [lambda turn=turn: self.push(turn) for turn in range(len(PUSHES))]
        return [*pushes, lambda: self.upload(ORDERS), lambda: self.upload(FIGURES), self.pull]

    def state(self) -> dict[str, Any]:
        """All that is stored, without ids of our own."""
        with reading(self.tenant.number) as session:
            roots = {row.number: row.root for row in session.scalars(sa.select(Contact))}
            names: dict[int, list[str]] = defaultdict(list)
            for one in session.scalars(sa.select(ContactIdentity)):
                names[roots[one.contact_number]].append(one.kind)
            known = {number: sorted(names[root]) for number, root in roots.items()}
            touches = [
                (row.event_id, row.kind, _at(row), row.detail, row.placement_number, known[row.contact_number])
                for row in session.scalars(sa.select(Touchpoint))
            ]
            orders = [
                (row.order_no, row.state, row.amount_minor, row.refunded_minor, known[row.contact_number])
                for row in session.scalars(sa.select(Order))
            ]
            figures = [(row.name, row.day, row.total, row.added) for row in session.scalars(sa.select(PlacementFigure))]
        return {
            "touches": sorted(touches, key=str),
            "orders": sorted(orders, key=str),
            "figures": sorted(figures, key=str),
        }


def _at(row: Touchpoint) -> datetime | None:
    """Google tells no time: such a lead is of the moment it arrived, which is all that lateness may change."""
    return None if row.event_id.startswith("lead-google") else row.at


def costs(client: RoleClient) -> dict[str, Any]:
    query = {"from": "2026-11-01", "to": "2026-12-01", "by": "placement"}
    table = client.get("/insights/costs", query_string=query).get_json()
    found = [row for row in table["rows"] if row["name"] == "V1"]
    assert len(found) == 1, json.dumps(table)
    return dict(found[0])


def test_a_video_earns_its_row(client: RoleClient, tenant: Tenant) -> None:
    brand = Brand(client, tenant, "Video")
    for deed in brand.deeds():
        deed()
    run_pending()
    with clock.set_to(NOW + timedelta(minutes=20)):
        run_pending()
        row = costs(client)
        shown = client.get(f"/placements/{brand.placement}/figures").get_json()
        run = client.post("/attribution/runs", json={"from": "2026-11-01", "to": "2026-12-01", "lookback_days": 30})
        run_pending()
        table = client.get(f"/attribution/credits?run={run.get_json()['id']}&by=placement").get_json()
    assert (row["cost"], row["views"], row["followers"]) == ("60.00", 1500, 25)
    assert (row["contacts"], row["orders"], row["revenue"]) == (5, 2, "160.00")
    assert (row["cac"], row["cost_per_view"], row["cost_per_follower"]) == ("30.0000", "0.0400", "2.4000")
    assert shown["totals"] == {"views": 1500, "followers": 25, "likes": 70, "shares": 9}
    assert {credit["conversions"] for credit in table["rows"] if credit["name"] == "V1"} == {2.0}
    leads = [touch for touch in brand.state()["touches"] if touch[1] == "lead"]
    assert sorted(touch[0] for touch in leads) == [
        "lead-google-Tm9uZQ",
        "lead-meta-91",
        "lead-oceanengine-7400000000000000001",
        "lead-xiaohongshu-L-9001",
    ]
    assert {touch[4] for touch in leads} == {1}  # each found the video by its own id


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_ends_equal(client: RoleClient, tenant: Tenant, other_tenant: Tenant, seed: int) -> None:
    straight, other = Brand(client, tenant, "Video"), RoleClient(client.raw.application, other_tenant)  # type: ignore[arg-type] # the app of the client
    shuffled = Brand(other, other_tenant, "Video")
    for deed in straight.deeds():
        deed()
    run_pending()
    deeds = [*shuffled.deeds(), *shuffled.deeds()]
    random.Random(seed).shuffle(deeds)
    for turn, deed in enumerate(deeds):
        with clock.set_to(NOW + (MONTH if turn % 2 and deed != shuffled.pull else timedelta())):
            deed()
            if turn % 3 == 0:
                run_pending()
    with clock.set_to(NOW + MONTH):
        run_pending()
    assert shuffled.state() == straight.state()
