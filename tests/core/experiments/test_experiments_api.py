"""Experiments over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.contacts.service import IdentityClaim
from core.db import writing
from core.orders.service import record
from core.placements.models import Placement
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.contacts import cookie, make_contacts
from tests.factories.orders import new_order
from tests.factories.placements import make_placement

START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def placement(tenant: Tenant) -> Placement:
    return make_placement(tenant, "Banner")


def begin(client: RoleClient, placement: Placement, **more: Any) -> Any:
    body = {"name": "Banner at all?", "placement_id": str(placement.id), "share": 0.4, "window_days": 7} | more
    with clock.set_to(START):
        answer = client.post("/experiments", json=body)
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def ask(client: RoleClient, experiment: str, names: list[str]) -> list[str | None]:
    people = [{"kind": "customer_id", "value": name} for name in names]
    with clock.set_to(START):
        answer = client.post(f"/experiments/{experiment}/assignments", json={"people": people})
    assert answer.status_code == 200, answer.text
    return [item["arm"] for item in answer.get_json()["items"]]


def test_asking_draws_and_orders_show(client: RoleClient, tenant: Tenant, placement: Placement) -> None:
    made = begin(client, placement)
    with writing(tenant.number) as session:
        numbers = make_contacts(session, [[IdentityClaim("customer_id", f"u{n}")] for n in range(200)], at=START)
    names = [f"u{n}" for n in range(200)]
    arms = ask(client, made["id"], [*names, "stranger"])
    assert arms[-1] is None
    assert ask(client, made["id"], names) == arms[:-1]
    with writing(tenant.number) as session:
        buyers = [number for number, arm in zip(numbers, arms[:-1], strict=True) if arm == "treated"][:60]
        record(session, [new_order(number, placed_at=START + timedelta(days=1)) for number in buyers])
    with clock.set_to(START + timedelta(days=8)):
        shown = client.get(f"/experiments/{made['id']}").get_json()
        listed = client.get("/experiments").get_json()["items"]
    assert (shown["treated"]["converted"], shown["held_out"]["converted"]) == (60, 0)
    assert shown["treated"]["people"] + shown["held_out"]["people"] == 200
    assert (shown["verdict"]["code"], shown["days_left"], shown["placement"]) == ("works", 0, "Banner")
    assert shown["lift"]["total"] == pytest.approx(60)
    assert shown["value_lift"]["total"] == pytest.approx(6_000)
    assert listed == [shown]


def test_window_counts_down(client: RoleClient, tenant: Tenant, placement: Placement) -> None:
    made = begin(client, placement)
    with writing(tenant.number) as session:
        make_contacts(session, [[IdentityClaim("customer_id", "u1")]], at=START)
    ask(client, made["id"], ["u1"])
    with clock.set_to(START + timedelta(days=2.5)):
        shown = client.get(f"/experiments/{made['id']}").get_json()
    assert (shown["days_left"], shown["unripe"], shown["lift"], shown["verdict"]["code"]) == (5, 1, None, "nobody_yet")


def test_visitors_are_not_drawn(client: RoleClient, tenant: Tenant, placement: Placement) -> None:
    made = begin(client, placement)
    with writing(tenant.number) as session:
        make_contacts(session, [[cookie("c1")]], at=START)
    body = {"people": [{"kind": "cookie", "value": "c1"}]}
    answer = client.post(f"/experiments/{made['id']}/assignments", json=body)
    assert answer.get_json()["items"] == [{"arm": None}]


def test_ended_experiments_draw_nobody(client: RoleClient, placement: Placement) -> None:
    made = begin(client, placement)
    path = f"/experiments/{made['id']}"
    assert client.post(f"{path}/end").get_json()["state"] == "ended"
    assert client.post(f"{path}/end").status_code == 409
    body = {"people": [{"kind": "customer_id", "value": "u"}]}
    assert client.post(f"{path}/assignments", json=body).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"share": 2}, {"share": "x"}, {"window_days": 0}, {"placement_id": "?"}, {"name": ""}]
)
def test_bad_experiments_are_refused(client: RoleClient, placement: Placement, wrong: dict[str, Any]) -> None:
    body = {"name": "E", "placement_id": str(placement.id)} | wrong
    assert client.post("/experiments", json=body).status_code in (404, 422)


def test_unreadable_people_are_named(client: RoleClient, placement: Placement) -> None:
    made = begin(client, placement)
    body = {"people": [{"kind": "customer_id", "value": "u"}, {"kind": "phone", "value": "12"}]}
    answer = client.post(f"/experiments/{made['id']}/assignments", json=body)
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["path"] == "people.1.phone"
