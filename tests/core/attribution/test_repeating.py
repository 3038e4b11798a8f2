"""A run made again: on the same files it gives the same result to the last byte, on the newest what is true now."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core import clock
from core.attribution.execution import execute_run
from core.attribution.models import AttributionCredit, AttributionRun
from core.attribution.repeating import GONE
from core.db import parse_id, reading, writing
from core.jobs.runner import run_pending
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake
from core.lake.sweeping import sweep_lake
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.lake.made_facts import at


def ask_again(client: RoleClient, run: dict[str, Any], snapshot: str = "same") -> dict[str, Any]:
    asked = client.post(f"/attribution/runs/{run['id']}/again", json={"snapshot": snapshot})
    assert asked.status_code == 201, asked.json
    answer: dict[str, Any] = asked.json  # type: ignore[assignment]  # a JSON object
    return answer


def made_again(client: RoleClient, run: dict[str, Any], snapshot: str = "same") -> dict[str, Any]:
    asked = ask_again(client, run, snapshot)
    run_pending()
    made: Any = client.get(f"/attribution/runs/{asked['id']}").json
    answer: dict[str, Any] = made
    return answer


def stored(tenant: Tenant, run: dict[str, Any]) -> dict[str, object]:
    with reading(tenant.number) as session:
        rows = session.scalars(select(AttributionCredit).where(AttributionCredit.run_id == parse_id(run["id"])))
        return {row.model: (row.cells, row.effects, row.insides) for row in rows}


def bring_news(tenant: Tenant) -> None:
    make_brand(tenant, people=5, touches=40, seed=3)
    with writing(tenant.number) as session:
        order = session.scalars(select(Order).order_by(Order.id).limit(1)).one()
        orders.cancel(session, channel_number=1, order_no=order.order_no, event_id="c", at=at(9))
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)


def test_same_snapshot_gives_same_bytes(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, lookback_days=30, upstream_share=0.3, direct_touches="last_resort", collapse=True)
    bring_news(tenant)
    again = made_again(client, run)
    assert (again["state"], again["repeats"], again["generation"]) == ("done", run["id"], run["generation"])
    assert stored(tenant, again) == stored(tenant, run)
    told = client.get("/attribution/compare", query_string={"run": run["id"], "with": again["id"]}).json
    assert told is not None
    assert told["differs"] == []
    assert credits(client, again)["revenue"] == credits(client, run)["revenue"]


def test_newest_snapshot_gives_new_result(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, lookback_days=30)
    bring_news(tenant)
    again = made_again(client, run, "newest")
    assert again["generation"] > run["generation"]
    assert again["lookback_days"] == 30
    fresh = run_all_time(client, lookback_days=30)
    assert stored(tenant, again) == stored(tenant, fresh) != stored(tenant, run)


def test_gone_files_are_said(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    bring_news(tenant)
    asked = ask_again(client, run)
    with clock.set_to(clock.now() + timedelta(hours=6)):
        sweep_lake(tenant.number)
    refused = client.post(f"/attribution/runs/{run['id']}/again", json={})
    assert (refused.status_code, GONE in str(refused.json)) == (409, True)
    run_pending()
    late: Any = client.get(f"/attribution/runs/{asked['id']}").json
    assert (late["state"], late["error"]) == ("failed", GONE)


def test_unfinished_run_is_not_repeated(client: RoleClient) -> None:
    waiting: Any = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01"}).json
    assert client.post(f"/attribution/runs/{waiting['id']}/again", json={}).status_code == 409


def test_interrupted_run_takes_its_snapshot_again(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    bring_news(tenant)
    again = ask_again(client, run)
    with writing(tenant.number) as session:
        key = parse_id(again["id"])
        session.execute(update(AttributionRun).where(AttributionRun.id == key).values(state="running"))
    assert key is not None
    execute_run(tenant.number, key, door=lambda: writing(tenant.number))
    assert stored(tenant, again) == stored(tenant, run)


@pytest.mark.parametrize("body", [{"snapshot": "yesterday"}, {"snapshot": 3}, {"other": 1}])
def test_wrong_wishes_are_refused(client: RoleClient, body: dict[str, object]) -> None:
    run = run_all_time(client)
    assert client.post(f"/attribution/runs/{run['id']}/again", json=body).status_code == 422
