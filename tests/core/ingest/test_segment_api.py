"""SDK calls are durable before they are acknowledged, stored once, and become visits, orders and joined people."""

import base64
import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock
from core.channels.models import Channel
from core.channels.service import issue_write_key
from core.contacts.models import Contact
from core.contacts.service import profile_of
from core.db import reading, writing
from core.ingest.models import Incoming
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel

URL = "https://shop.example.com/?utm_source="


@pytest.fixture
def site(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Site", plugin="web")


@pytest.fixture
def key(tenant: Tenant, site: Channel) -> dict[str, str]:
    with writing(tenant.number) as session:
        secret = issue_write_key(session, site)
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}


def post(client: RoleClient, path: str, body: object, headers: dict[str, str]) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(f"/v1/{path}", data=raw, content_type="application/json", headers=headers)


def page(who: str, *, number: int, minutes: int = 0, url: str = "https://shop.example.com/") -> dict[str, object]:
    at = (clock.now() - timedelta(days=1) + timedelta(minutes=minutes)).isoformat()
    told = {"page": {"url": url}}
    return {"type": "page", "anonymousId": who, "messageId": f"p{number}", "timestamp": at, "context": told}


def rows(tenant: Tenant, model: type[Any]) -> list[Any]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def test_batch_is_stored_once(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    body = {"batch": [page("a", number=1), page("a", number=2), {"type": "dance"}]}
    for _ in range(2):
        response = post(client, "batch", body, key)
        assert (response.status_code, response.json["accepted"]) == (200, 2)
        assert [one["index"] for one in response.json["rejected"]] == [2]
    assert [row.state for row in rows(tenant, Incoming)] == ["new", "new", "refused"]


def test_stored_calls_are_sealed(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    post(client, "identify", {"userId": "u1", "traits": {"city": "Chengdu"}}, key)
    assert b"Chengdu" not in rows(tenant, Incoming)[0].body


def test_pages_within_a_visit_count_once(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    visits = [page("a", number=n, minutes=at) for n, at in enumerate([0, 5, 20, 90, 95])]
    post(client, "batch", {"batch": visits}, key)
    run_pending()
    touches = rows(tenant, Touchpoint)
    assert [touch.kind for touch in touches] == ["visit", "visit"]
    assert {row.state for row in rows(tenant, Incoming)} == {"done"}


def test_marked_pages_always_count(client: RoleClient, tenant: Tenant, site: Channel, key: dict[str, str]) -> None:
    ads = make_channel(tenant, "baidu")
    visits = [
        page("a", number=1),
        page("a", number=2, minutes=1, url=f"{URL}baidu"),
        page("a", number=3, minutes=2, url=f"{URL}nobody"),
    ]
    post(client, "batch", {"batch": visits}, key)
    run_pending()
    touches = rows(tenant, Touchpoint)
    by_number = {channel.number: channel.name for channel in rows(tenant, Channel)}
    assert sorted(by_number[touch.channel_number] for touch in touches) == ["Site", "baidu", "direct"]
    assert ads.number in by_number
    assert all("is_marked" not in touch.detail for touch in touches)


def test_identify_joins_visitor_and_customer(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    post(client, "batch", {"batch": [page("a", number=1)]}, key)
    run_pending()
    post(client, "identify", {"userId": "u1", "anonymousId": "a", "messageId": "i1", "traits": {"city": "成都"}}, key)
    post(client, "batch", {"batch": [page("a", number=2, minutes=300)]}, key)
    run_pending()
    people = rows(tenant, Contact)
    assert len([one for one in people if one.merged_into is None]) == 1
    assert [touch.kind for touch in rows(tenant, Touchpoint)] == ["visit", "visit"]


def test_group_sets_a_field(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    post(client, "group", {"userId": "u1", "groupId": "gold", "messageId": "g1"}, key)
    run_pending()
    with reading(tenant.number) as session:
        assert profile_of(session, rows(tenant, Contact)[0].number) == {"group": "gold"}


def order(name: str, number: int, **told: object) -> dict[str, object]:
    return {"type": "track", "event": name, "userId": "u1", "messageId": f"o{number}", "properties": told}


def test_order_is_placed_and_refunded(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    post(client, "batch", {"batch": [order("Order Completed", 1, order_id="N1", total=19.99)]}, key)
    run_pending()
    assert [(one.order_no, one.amount_minor) for one in rows(tenant, Order)] == [("N1", 1999)]
    post(client, "batch", {"batch": [order("Order Refunded", 2, order_id="N1", total=9.99)]}, key)
    run_pending()
    assert [one.net_minor for one in rows(tenant, Order)] == [1000]
    post(client, "batch", {"batch": [order("Order Cancelled", 3, order_id="N1")]}, key)
    run_pending()
    assert [one.state for one in rows(tenant, Order)] == ["cancelled"]


def test_unreadable_amount_costs_its_order_only(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    calls = [
        order("Order Completed", 1, order_id="N1", total="lots"),
        order("Order Completed", 2, order_id="N2", total=5.555),
        order("Order Completed", 3, order_id="N3", total=5, currency="USD"),
        order("Order Completed", 4, order_id="N4", total=1e18),
        order("Order Completed", 5, order_id="N5", total=5.5),
    ]
    post(client, "batch", {"batch": calls}, key)
    run_pending()
    assert [one.order_no for one in rows(tenant, Order)] == ["N5"]


def test_gzip_is_read_and_bounded(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    zipped = key | {"Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps({"batch": [page("a", number=1)]}).encode())
    assert post(client, "batch", body, zipped).status_code == 200
    assert post(client, "batch", gzip.compress(b"[" + b" " * 100_000_000), zipped).status_code == 413
    assert post(client, "batch", b"not gzip", zipped).status_code == 400


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic d2tfbm9ib2R5Og==", "Bearer x", "Basic /////w=="])
def test_unknown_write_key_gets_401(client: RoleClient, header: str) -> None:
    assert post(client, "track", {"userId": "u", "event": "e"}, {"Authorization": header}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"userId": NaN, "event": "x"}', 422),
        (b'{"userId": "\\u0000", "event": "x"}', 422),
        (b'{"userId": "\\ud800", "event": "x"}', 422),
        (b'{"userId": "u", "event": "x", "timestamp": "99999-01-01T00:00:00Z"}', 422),
        (b"[" * 100_000, 400),
        (b'{"userId": "u"}', 422),
        (b'{"userId": "u", "event": "x", "properties": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}", 422),
        (b"x" * 2_000_000, 413),
    ],
)
def test_bad_calls_are_told_clearly(client: RoleClient, key: dict[str, str], body: bytes, status: int) -> None:
    response = post(client, "track", body, key)
    assert response.status_code == status
    assert response.json["detail"]


def test_other_content_types_get_415(client: RoleClient, key: dict[str, str]) -> None:
    response = client.post("/v1/track", data=b"a=1", content_type="application/x-www-form-urlencoded", headers=key)
    assert response.status_code == 415


def test_archived_channel_takes_nothing(client: RoleClient, tenant: Tenant, site: Channel, key: dict[str, str]) -> None:
    assert client.post(f"/channels/{site.id}/archive").status_code == 200
    assert post(client, "track", {"userId": "u", "event": "e"}, key).status_code == 401


def test_visit_is_news_of_its_advertisement(client: RoleClient, tenant: Tenant, key: dict[str, str]) -> None:
    advertised = make_channel(tenant, "Feed", plugin="other")
    visit = page("a", number=1, url=f"{URL}Feed")
    post(client, "page", visit, key)
    run_pending()
    (found,) = [one for one in rows(tenant, Channel) if one.id == advertised.id]
    assert found.last_event_at is not None
