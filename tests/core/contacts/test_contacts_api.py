"""Contacts over HTTP: masked pages, search, tags, merges; other brands' people look absent."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.consent.service import grant
from core.contacts.service import IdentityClaim, describe, family, ignore
from core.db import reading, writing
from core.orders.service import record as record_orders
from core.tenants.models import Tenant
from core.touchpoints.service import record as record_touches
from tests.clients import RoleClient
from tests.factories.contacts import cookie, email, make_contact, phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import NOON, new_touch

SECRETS = ("13812345678", "zoe@example.com", "王小明")


@pytest.fixture
def zoe(tenant: Tenant) -> int:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("cookie-of-zoe"), at=NOON)
        record_touches(session, [new_touch(visitor, at=NOON)])
        one = make_contact(session, cookie("cookie-of-zoe"), phone("13812345678"), at=NOON + timedelta(minutes=1))
        make_contact(session, phone("13812345678"), email("zoe@example.com"), IdentityClaim("openid", "oZoe", "shop"))
        record_touches(session, [new_touch(one, at=NOON + timedelta(hours=1), kind="scan")])
        record_orders(session, [new_order(one, order_no="TB-1")])
        describe(session, one, fields={"name": "王小明"})
        grant(session, one, medium="sms", source="card")
        return one


def seen(answer: TestResponse) -> Any:
    return answer.get_json()


def first_id(client: RoleClient, query: str = "") -> str:
    items = seen(client.get(f"/contacts{query}"))["items"]
    assert len(items) == 1
    contact_id: str = items[0]["id"]
    return contact_id


def test_list_shows_people_masked(client: RoleClient, zoe: int) -> None:
    page = seen(client.get("/contacts"))
    assert [item["number"] for item in page["items"]] == [zoe]
    assert [one["masked"] for one in page["items"][0]["identities"]] == [
        "138****5678",
        "z***@example.com",
        "o****e",
        "co****oe",
    ]


def test_page_tells_the_whole_story(client: RoleClient, zoe: int) -> None:
    answer = client.get(f"/contacts/{first_id(client)}")
    page = seen(answer)
    assert [touch["kind"] for touch in page["touchpoints"]] == ["scan", "click"]
    assert [order["amount"] for order in page["orders"]] == ["100.00"]
    assert [entry["medium"] for entry in page["consent"]] == ["sms"]
    assert [merge["reason"] for merge in page["merges"]] == ["visitor"]
    assert page["profile"] == {"name": "王**"}
    assert not any(secret in answer.text for secret in SECRETS)


@pytest.mark.parametrize("q", ["138 1234 5678", "ZOE@example.com", "TB-1", "cookie-of-zoe", "oZoe", "vip"])
def test_search_finds_whole_values(client: RoleClient, zoe: int, q: str) -> None:
    with writing(client.tenant.number) as session:
        make_contact(session)
    client.post(f"/contacts/{first_id(client, '?q=TB-1')}/tags", json={"add": ["vip"]})
    assert [item["number"] for item in seen(client.get("/contacts", query_string={"q": q}))["items"]] == [zoe]


@pytest.mark.parametrize("mark", ["", "#"])
def test_contact_is_found_by_number(client: RoleClient, zoe: int, mark: str) -> None:
    with writing(client.tenant.number) as session:
        make_contact(session)
    found = seen(client.get("/contacts", query_string={"q": f"{mark}{zoe}"}))["items"]
    assert [item["number"] for item in found] == [zoe]


def test_list_goes_on_by_cursor(client: RoleClient, tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        numbers = [make_contact(session) for _ in range(3)]
    first = seen(client.get("/contacts?limit=2"))
    rest = seen(client.get("/contacts", query_string={"limit": 2, "cursor": first["next"]}))
    assert [item["number"] for item in first["items"] + rest["items"]] == numbers[::-1]
    assert rest["next"] is None


def test_contacts_are_found_by_origin(client: RoleClient, zoe: int) -> None:
    channels = seen(client.get("/channels"))["items"]
    assert first_id(client, f"?channel_id={channels[0]['id']}")


def test_tags_are_added_and_removed(client: RoleClient, zoe: int) -> None:
    contact = first_id(client)
    client.post(f"/contacts/{contact}/tags", json={"add": ["vip", "new"]})
    assert seen(client.post(f"/contacts/{contact}/tags", json={"remove": ["new"]})) == {"tags": ["vip"]}
    assert first_id(client, "?tag=vip") == contact
    assert client.post(f"/contacts/{contact}/tags", json={"add": [" "]}).status_code == 422


def test_merge_and_undo_over_http(client: RoleClient, zoe: int) -> None:
    with writing(client.tenant.number) as session:
        make_contact(session)
    other, one = (item["id"] for item in seen(client.get("/contacts"))["items"])
    page = seen(client.post(f"/contacts/{other}/merge", json={"into": one}))
    assert (page["id"], page["merges"][0]["reason"]) == (one, "manual")
    assert seen(client.get(f"/contacts/{other}"))["id"] == one
    undone = seen(client.post(f"/merges/{page['merges'][0]['id']}/undo"))
    assert undone["state"] == "undone"
    assert len(seen(client.get("/contacts"))["items"]) == 2
    assert client.post(f"/merges/{page['merges'][0]['id']}/undo").status_code == 409
    with reading(client.tenant.number) as session:
        assert len(family(session, [zoe])) == 2


def test_parked_merges_wait_in_a_list(client: RoleClient, tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        for i in range(6):
            make_contact(session, phone("13812345678"), email(f"a{i}@example.com"))
    (parked,) = seen(client.get("/merges?state=parked"))["items"]
    assert parked["reason"] == "too_many_values"
    assert seen(client.post(f"/merges/{parked['id']}/approve"))["state"] == "approved"
    assert seen(client.get("/merges?state=parked"))["items"] == []
    assert len(seen(client.get("/contacts"))["items"]) == 1


def test_consent_is_noted_over_http(client: RoleClient, zoe: int) -> None:
    contact = first_id(client)
    said = {"granted": False, "medium": "*", "source": "call"}
    answer = client.post(f"/contacts/{contact}/consent", json=said)
    assert answer.status_code == 201
    assert [entry["granted"] for entry in seen(client.get(f"/contacts/{contact}/consent"))["items"]] == [False, True]
    assert client.post("/suppressions", json={"kind": "phone", "value": "13812345678"}).status_code == 204
    assert client.post("/suppressions", json={"kind": "phone", "value": "12"}).status_code == 422
    assert seen(client.get("/consent/proof")) == {"first_broken": None}


def test_shared_values_are_ignored_over_http(client: RoleClient, tenant: Tenant) -> None:
    shop = {"kind": "phone", "value": "13812345678"}
    assert client.post("/ignored-identities", json=shop).status_code == 204
    assert client.post("/ignored-identities", json={"kind": "phone", "value": "12"}).status_code == 422
    with writing(tenant.number) as session:
        ignore(session, phone("13812345678"))
        numbers = [make_contact(session, phone("13812345678"), email(f"a{i}@example.com")) for i in range(2)]
    assert len(set(numbers)) == 2
    assert seen(client.get("/ignored-identities")) == {"count": 1}


def test_orders_are_listed_and_found(client: RoleClient, zoe: int) -> None:
    with writing(client.tenant.number) as session:
        later = NOON + timedelta(days=1)
        record_orders(session, [new_order(zoe, order_no=f"TB-{n}", placed_at=later) for n in (2, 3)])
    first = seen(client.get("/orders?limit=2"))
    rest = seen(client.get("/orders", query_string={"limit": 2, "cursor": first["next"]}))
    assert [order["order_no"] for order in first["items"] + rest["items"]] == ["TB-3", "TB-2", "TB-1"]
    (found,) = seen(client.get("/orders?q=TB-2"))["items"]
    assert seen(client.get(f"/orders/{found['id']}")) == found
    assert found["contact_id"] == first_id(client)


@pytest.mark.parametrize("path", ["", "/touchpoints", "/consent"])
def test_foreign_contact_looks_absent(client: RoleClient, other_tenant: Tenant, zoe: int, path: str) -> None:
    contact = first_id(client)
    with writing(other_tenant.number) as session:
        make_contact(session)
    foreign = client.raw.get(f"/v1/tenants/{other_tenant.id}/contacts/{contact}{path}")
    absent = client.raw.get(f"/v1/tenants/{other_tenant.id}/contacts/00000000-0000-0000-0000-000000000000{path}")
    assert foreign.status_code == absent.status_code == 404
    assert seen(foreign)["code"] == seen(absent)["code"]


@pytest.mark.parametrize("cursor", ["%%%", "bm8", "MTIz_"])
def test_strange_cursor_is_refused(client: RoleClient, cursor: str) -> None:
    for path in ("/orders", "/contacts", "/merges"):
        assert client.get(path, query_string={"cursor": cursor}).status_code in (404, 422)
