"""Two runs side by side: what differs, that both sides reconcile, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from core.attribution.models import AttributionRun
from core.db import parse_id, writing
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.lake.made_facts import at


def compared(client: RoleClient, run: dict[str, Any], other: dict[str, Any], **query: str) -> dict[str, Any]:
    found = client.get("/attribution/compare", query_string={"run": run["id"], "with": other["id"], **query})
    assert found.status_code == 200, found.json
    answer: dict[str, Any] = found.json  # type: ignore[assignment]  # a JSON object
    return answer


def change_run(tenant: Tenant, run: dict[str, Any], **values: object) -> None:
    with writing(tenant.number) as session:
        session.execute(update(AttributionRun).where(AttributionRun.id == parse_id(run["id"])).values(**values))


@pytest.fixture
def pair(tenant: Tenant, client: RoleClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after more touches, a refund and a cancellation, with another lookback and fewer models."""
    make_brand(tenant)
    before = run_all_time(client)
    make_brand(tenant, people=9, touches=60, seed=4)
    with writing(tenant.number) as session:
        first, second = session.scalars(select(Order).order_by(Order.id).limit(2))
        orders.refund(session, channel_number=1, order_no=first.order_no, amount_minor=1, event_id="r", at=at(9))
        orders.cancel(session, channel_number=1, order_no=second.order_no, event_id="c", at=at(9))
    return before, run_all_time(client, lookback_days=20, models=["last", "markov", "linear"])


def test_sides_are_those_of_credits(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for by in ("channel", "placement", "day", "order"):
        found = compared(client, *pair, by=by)
        for side, run in zip(("run", "with"), pair, strict=True):
            table = credits(client, run, by=by, models="last,linear,markov")
            expected = {(row["model"], row["key"]): row for row in table["rows"]}
            shown = {(row["model"], row["key"]): row[side] for row in found["rows"]}
            assert set(expected) <= set(shown)
            for key, row in shown.items():
                given = expected.get(key, {"conversions": 0, "value": 0, "amount": "0.00", "value_interval": None})
                assert {name: row[name] for name in ("conversions", "value", "amount", "value_interval")} == {
                    name: given[name] for name in ("conversions", "value", "amount", "value_interval")
                }


def test_differences_sum_to_that_of_totals(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found = compared(client, *pair)
    assert found["models"] == ["last", "linear", "markov"]
    for total in found["totals"]:
        parts = [one for one in [*found["rows"], *found["unattributed"]] if one["model"] == total["model"]]
        for side in ("run", "with"):
            assert sum(Decimal(one[side]["amount"]) for one in parts) == Decimal(total[side]["amount"])
            assert sum(one[side]["share"] for one in parts) == pytest.approx(1)
        assert sum(Decimal(one["amount_difference"]) for one in parts) == Decimal(total["amount_difference"])
        assert sum(one["share_difference"] for one in parts) == pytest.approx(0, abs=1e-12)
        assert total["value_difference"] == total["with"]["value"] - total["run"]["value"] != 0


def test_intervals_of_shares_hold_them(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for row in compared(client, *pair)["rows"]:
        for side in ("run", "with"):
            interval = row[side]["share_interval"]
            assert 0 <= interval["low"] <= row[side]["share"] <= interval["high"]


def test_steps_of_revenue_stand_beside(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    steps = {step["code"]: step for step in compared(client, *pair)["revenue"]}
    assert steps["cancelled"]["orders_difference"] == 1
    assert steps["refunded"]["amount_difference"] == "0.01"
    for side in ("run", "with"):
        left = [Decimal(steps[code][side]["amount"]) for code in ("placed", "cancelled", "refunded", "waiting")]
        assert left[0] - left[1] - left[2] - left[3] == Decimal(steps["counted"][side]["amount"])


def test_only_what_differs_is_listed(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found = compared(client, *pair)
    differs = {one["code"]: (one["run"], one["with"]) for one in found["differs"]}
    assert set(differs) == {"lookback_days", "models", "generation"}
    assert differs["lookback_days"] == (90, 20)
    assert found["cautions"] == []
    assert all(found[side]["seconds"] is not None for side in ("run", "with"))


def test_run_equals_itself(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found = compared(client, pair[1], pair[1])
    assert found["differs"] == []
    assert {row["amount_difference"] for row in [*found["rows"], *found["totals"]]} == {"0.00"}


def test_other_days_are_said(client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    change_run(client.tenant, pair[1], version="1", zone="UTC")
    early = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01"})
    assert early.status_code == 201
    other = run_all_time(client) | {"id": early.json["id"]}  # type: ignore[index]  # a JSON object
    (said,) = compared(client, pair[0], other)["cautions"]
    assert said["code"] == "other_period"
    assert "2026-01-01 – 2026-01-31" in said["en"]
    codes = [one["code"] for one in compared(client, *pair)["cautions"]]
    assert codes == ["other_calendar", "other_code"]


def test_other_currencies_are_refused(
    tenant: Tenant, client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    change_run(tenant, pair[1], currency="USD")
    found = client.get("/attribution/compare", query_string={"run": pair[0]["id"], "with": pair[1]["id"]})
    assert found.status_code == 409
    assert "CNY" in str(found.json) and "USD" in str(found.json)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"models": "first"}, 422),
        ({"models": "lucky"}, 422),
        ({"by": "moon"}, 422),
        ({"with": "0198c0de-0000-7000-8000-00000000dead"}, 404),
        ({"with": "x"}, 404),
    ],
)
def test_bad_comparisons_are_refused(
    client: RoleClient, pair: tuple[dict[str, Any], dict[str, Any]], query: dict[str, str], status: int
) -> None:
    asked = {"run": pair[0]["id"], "with": pair[1]["id"]} | query
    assert client.get("/attribution/compare", query_string=asked).status_code == status


def test_unfinished_run_is_not_compared(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    waiting = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01"})
    asked = {"run": run["id"], "with": waiting.json["id"]}  # type: ignore[index]  # a JSON object
    assert client.get("/attribution/compare", query_string=asked).status_code == 409


def test_foreign_runs_are_not_compared(tenant: Tenant, other_tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    client.tenant = other_tenant
    own = run_all_time(client)
    for asked in ({"run": own["id"], "with": run["id"]}, {"run": run["id"], "with": own["id"]}):
        assert client.get("/attribution/compare", query_string=asked).status_code == 404
