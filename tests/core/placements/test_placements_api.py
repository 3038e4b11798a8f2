"""Placements over HTTP, from the first form to the printed link."""

import pytest

from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.channels import make_channel

ABSENT = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def channel_id(tenant: Tenant) -> str:
    return str(make_channel(tenant).id)


def create(client: RoleClient, channel_id: str, **values: object) -> dict[str, object]:
    form = {"channel_id": channel_id, "name": "Autumn", "starts_at": "2026-11-01T00:00:00+08:00", **values}
    answer = client.post("/placements", json=form)
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def test_placement_shows_its_cost_and_figures(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, cost="350.00", target_url="https://shop.example/")
    assert (shown["cost"], shown["currency"], shown["channel_id"]) == ("350.00", "CNY", channel_id)
    assert shown["stats"] == {
        "clicks": 0,
        "scans": 0,
        "redeemed": 0,
        "contacts": 0,
        "cost": "350.00",
        "cost_per_contact": None,
        "views": 0,
        "followers": 0,
        "cost_per_view": None,
        "cost_per_follower": None,
    }


def test_change_touches_only_what_is_given(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, cost="350", ends_at="2026-11-03T00:00:00+08:00")
    changed = client.patch(f"/placements/{shown['id']}", json={"name": "Winter"}).get_json()
    assert (changed["name"], changed["cost"], changed["ends_at"]) == ("Winter", "350.00", shown["ends_at"])
    cleared = client.patch(f"/placements/{shown['id']}", json={"ends_at": None, "cost": "10"}).get_json()
    assert (cleared["ends_at"], cleared["cost"]) == (None, "10.00")


def test_entered_cost_is_added(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, cost="10")
    entry = {"day": "2026-11-02", "amount": "2.50", "note": "reprint"}
    assert client.post(f"/placements/{shown['id']}/costs", json=entry).get_json()["cost"] == "12.50"


@pytest.mark.parametrize("cost", ["1.234", "-1", "NaN", "1e99", "many"])
def test_impossible_cost_is_named(client: RoleClient, channel_id: str, cost: str) -> None:
    form = {"channel_id": channel_id, "name": "Autumn", "cost": cost}
    answer = client.post("/placements", json=form)
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["path"] == "cost"


@pytest.mark.parametrize("moment", ["99999-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "2026-11-01T00:00:00", "x"])
def test_impossible_moment_is_named(client: RoleClient, channel_id: str, moment: str) -> None:
    answer = client.post("/placements", json={"channel_id": channel_id, "name": "A", "starts_at": moment})
    assert answer.status_code == 422
    assert "starts_at" in answer.get_json()["fields"][0]["path"]


def test_target_becomes_a_tracked_link(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, target_url="https://shop.example/")
    (link,) = client.get(f"/placements/{shown['id']}/links").get_json()["items"]
    assert link["url"].endswith(f"/t/{link['code']}")
    followed = client.get(f"/t/{link['code']}")
    assert (followed.status_code, followed.location) == (
        302,
        f"https://shop.example/?siyu_code={link['code']}",
    )


def test_more_links_can_be_made(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id)
    link = {"target_url": "https://shop.example/b", "label": "story", "tells_code": False}
    made = client.post(f"/placements/{shown['id']}/links", json=link).get_json()
    assert (made["label"], client.get(f"/t/{made['code']}").location) == ("story", "https://shop.example/b")


def test_qr_code_is_drawn(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, target_url="https://shop.example/")
    drawn = client.get(f"/placements/{shown['id']}/qr.svg")
    assert drawn.content_type == "image/svg+xml"
    assert drawn.data.startswith(b"<?xml")
    assert client.get(f"/placements/{create(client, channel_id, name='B')['id']}/qr.svg").status_code == 404


def test_codes_are_counted(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id)
    assert client.post(f"/placements/{shown['id']}/codes", json={"count": 1200}).get_json() == {
        "made": 1200,
        "total": 1200,
    }
    assert client.get(f"/placements/{shown['id']}").get_json()["codes"] == 1200


def test_plugin_that_prints_nothing_says_so(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id)
    assert client.post(f"/placements/{shown['id']}/publish").status_code == 409


def test_placements_come_in_pages(client: RoleClient, channel_id: str) -> None:
    for name in ("A", "B", "C"):
        create(client, channel_id, name=name)
    first = client.get("/placements?limit=2").get_json()
    second = client.get(f"/placements?limit=2&cursor={first['next']}").get_json()
    assert [p["name"] for p in first["items"] + second["items"]] == ["C", "B", "A"]
    assert second["next"] is None
    assert client.get("/placements?cursor=bm9uZQ==").status_code == 422


def test_archived_placement_leads_nowhere(client: RoleClient, channel_id: str) -> None:
    shown = create(client, channel_id, target_url="https://shop.example/")
    (link,) = client.get(f"/placements/{shown['id']}/links").get_json()["items"]
    assert client.post(f"/placements/{shown['id']}/archive").get_json()["state"] == "archived"
    assert client.get(f"/t/{link['code']}").status_code == 404


def test_foreign_channel_is_not_found(client: RoleClient, other_tenant: Tenant) -> None:
    foreign = str(make_channel(other_tenant).id)
    for channel in (foreign, ABSENT, "nonsense"):
        answer = client.post("/placements", json={"channel_id": channel, "name": "X"})
        assert answer.status_code == 404
