"""The receipt of one order."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attribution.rounding import largest_remainder
from core.contacts import service as contacts
from core.db import writing
from core.orders import service as orders
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.attribution.made_orders import make_brand, run_all_time
from tests.core.lake.made_facts import add_order, add_people, at
from tests.factories.touchpoints import new_touch

DAY = 24 * 60


def receipt(client: RoleClient, order: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    found = client.get(f"/orders/{order['id']}/receipt", query_string={"run": run["id"]})
    assert found.status_code == 200, found.json
    shown: dict[str, Any] = found.json  # type: ignore[assignment]  # a JSON object
    return shown


def order_list(client: RoleClient, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/orders", query_string=query).json["items"]  # type: ignore[index]  # a page
    return found


def test_shares_sum_to_the_cent(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant, touches=90)
    run = run_all_time(client)
    seen = 0
    for order in order_list(client, limit="200"):
        shown = receipt(client, order, run)
        for model in shown["models"]:
            amounts = [
                share["amount"] for touch in shown["touches"] for share in touch["shares"] if share["model"] == model
            ]
            assert sum(map(Decimal, amounts)) == Decimal(order["net"])
            seen += 1
    assert seen > 50


def test_receipts_add_up_to_credits(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant, touches=90)
    run = run_all_time(client, models=["linear", "time_decay"])
    rows = client.get("/attribution/credits", query_string={"run": run["id"], "models": "time_decay"}).json["rows"]  # type: ignore[index]  # a table
    expected = {row["name"]: row["conversions"] for row in rows}
    found = dict.fromkeys(expected, 0.0)
    for order in order_list(client, limit="200"):
        for touch in receipt(client, order, run)["touches"]:
            found[touch["channel"]] += touch["shares"][1]["share"]
    assert found == pytest.approx(expected, rel=1e-9)


def test_other_touches_say_why_not(tenant: Tenant, client: RoleClient) -> None:
    with writing(tenant.number) as session:
        (ann,) = add_people(session, 1)
        touchpoints.record(
            session,
            [
                new_touch(ann, at=at(0)),
                new_touch(ann, at=at(100 * DAY)),
                new_touch(ann, at=at(111 * DAY)),
                new_touch(ann, at=at(112 * DAY), kind="message_sent"),
                new_touch(ann, at=at(112 * DAY), is_bot=True),
                new_touch(ann, at=at(113 * DAY)),
                new_touch(ann, at=at(130 * DAY)),
            ],
        )
        add_order(session, ann, 110 * DAY)
        number = add_order(session, ann, 120 * DAY)
    run = run_all_time(client)
    shown = receipt(client, order_list(client, q=number)[0], run)
    assert [touch["at"][:10] for touch in shown["touches"]] == ["2026-04-22", "2026-04-24"]
    reasons = ["too_old", "previous_order", "outgoing", "machine", "after_order"]
    assert sorted(touch["reason"] for touch in shown["outside"]) == sorted(["previous_order", *reasons[1:]])
    none = run_all_time(client, cut="none")
    shown = receipt(client, order_list(client, q=number)[0], none)
    assert sorted(touch["reason"] for touch in shown["outside"]) == sorted(["too_old", *reasons[2:]])
    assert len(shown["touches"]) == 3


def test_merged_contact_brings_its_touches(tenant: Tenant, client: RoleClient) -> None:
    with writing(tenant.number) as session:
        ann, bob = add_people(session, 2)
        touchpoints.record(session, [new_touch(bob, at=at(1))])
        add_order(session, ann, 5)
        contacts.merge(session, loser=bob, into=ann)
    run = run_all_time(client)
    assert len(receipt(client, order_list(client)[0], run)["touches"]) == 1


@pytest.mark.parametrize("options", [{}, {"collapse": True}, {"direct_touches": "last_resort"}])
def test_cancelled_order_is_worth_nothing(tenant: Tenant, client: RoleClient, options: dict[str, object]) -> None:
    with writing(tenant.number) as session:
        (ann,) = add_people(session, 1)
        touchpoints.record(session, [new_touch(ann, at=at(1))])
        number = add_order(session, ann, 5)
        orders.cancel(session, channel_number=1, order_no=number, event_id="c", at=at(9))
    run = run_all_time(client, **options)
    shown = receipt(client, order_list(client)[0], run)
    assert (shown["counted"], shown["touches"], shown["order"]["net"]) == (False, [], "0.00")
    assert [touch["reason"] for touch in shown["outside"]] == ["order_not_counted"]
    assert run["orders"] == 0


@given(weights=st.lists(st.floats(0.001, 1), min_size=1, max_size=9), total=st.integers(0, 10**7))
def test_parts_always_sum_to_total(weights: list[float], total: int) -> None:
    parts = largest_remainder(np.array(weights), total)
    exact = np.array(weights) / sum(weights) * total
    assert int(parts.sum()) == total
    assert (np.abs(parts - exact) < 1).all()


def test_equal_parts_favour_the_earlier() -> None:
    assert largest_remainder(np.full(3, 1 / 3), 100).tolist() == [34, 33, 33]
