"""Saved filters over HTTP: made, counted, changed, forgotten."""

from typing import Any

import pytest

from core.db import writing
from tests.clients import RoleClient
from tests.factories.contacts import make_contact, phone
from tests.factories.touchpoints import NOON

VIP: dict[str, Any] = {"name": "VIP", "filter": {"type": "tag", "tag": "vip"}}


def make_segment(client: RoleClient, **given: Any) -> str:
    made = client.post("/segments", json={**VIP, **given})
    assert made.status_code == 201
    segment_id: str = made.get_json()["id"]
    return segment_id


def test_segment_counts_people_now(client: RoleClient) -> None:
    with writing(client.tenant.number) as session:
        make_contact(session, phone("13900000001"), at=NOON)
    reachable = {"type": "all", "of": [{"type": "everybody"}, {"type": "reachable", "kind": "phone"}]}
    assert client.post("/segments/preview", json={"filter": reachable}).get_json() == {"count": 1}


@pytest.mark.parametrize("kind", ["everybody", "ordered", "joined", "source"])
def test_negated_boundless_filter_finds_nobody(client: RoleClient, kind: str) -> None:
    with writing(client.tenant.number) as session:
        make_contact(session, phone("13900000001"), at=NOON)
    nobody = {"type": "not", "of": {"type": kind}}
    assert client.post("/segments/preview", json={"filter": nobody}).get_json() == {"count": 0}
    somebody = {"type": "any", "of": [nobody, {"type": "reachable", "kind": "phone"}]}
    assert client.post("/segments/preview", json={"filter": somebody}).get_json() == {"count": 1}


def test_segment_is_changed_in_place(client: RoleClient) -> None:
    segment = make_segment(client)
    body = {"name": "Very", "filter": {"type": "ordered", "at_least": 2}}
    assert client.put(f"/segments/{segment}", json=body).get_json()["filter"] == body["filter"]
    assert [row["name"] for row in client.get("/segments").get_json()["items"]] == ["Very"]


def test_segment_keeps_its_own_name(client: RoleClient) -> None:
    segment = make_segment(client)
    make_segment(client, name="Other")
    assert client.put(f"/segments/{segment}", json=VIP).status_code == 200
    assert client.put(f"/segments/{segment}", json={**VIP, "name": "Other"}).status_code == 409


def test_segment_is_forgotten(client: RoleClient) -> None:
    segment = make_segment(client)
    assert client.delete(f"/segments/{segment}").status_code == 204
    assert client.get("/segments").get_json()["items"] == []
    assert client.delete(f"/segments/{segment}").status_code == 404


def test_filter_naming_nothing_is_refused(client: RoleClient) -> None:
    segment = make_segment(client)
    absent = {"type": "source", "channel_id": "01890000-0000-7000-8000-000000000000"}
    assert client.put(f"/segments/{segment}", json={**VIP, "filter": absent}).status_code == 404
