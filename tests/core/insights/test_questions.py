"""What all questions have in common: empty brands, bad windows, dropped rows."""

import shutil
from typing import Any

import pytest

from core.contacts import service as contacts
from core.db import reading, writing
from core.insights.lake_query import query_lake
from core.jobs.runner import run_pending
from core.lake.manifest import take_snapshot
from core.lake.parts import lake_folder
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.insights.made_market import WINDOW
from tests.core.lake.made_facts import add_many, lake_rows

EMPTY = {
    "costs": ("rows", "no_activity"),
    "funnel": ("rows", "no_contacts"),
    "lag": ("days", "no_contacts"),
    "maturation": ("cohorts", "no_contacts"),
    "retention": ("cohorts", "no_orders"),
    "rfm": ("segments", "no_orders"),
    "waves": ("waves", "no_orders"),
    "replies": ("periods", "no_messages"),
}


def window(what: str, first: str = WINDOW["from"], end: str = WINDOW["to"]) -> dict[str, str]:
    return {"launch": first} if what == "waves" else {"from": first, "to": end}


@pytest.mark.parametrize("what", EMPTY)
def test_empty_brand_gets_a_reason(client: RoleClient, what: str) -> None:
    found = client.get(f"/insights/{what}", query_string=window(what))
    assert found.status_code == 200
    shown: Any = found.json
    name, reason = EMPTY[what]
    assert (shown[name], shown["reason"], shown["as_of"]) == ([], reason, None)


@pytest.mark.parametrize("what", EMPTY)
@pytest.mark.parametrize(
    ("first", "end"),
    [("2026-02-01", "2026-02-01"), ("1970-01-01", "1970-02-01"), ("9999-12-30", "9999-12-31"), ("x", "")],
)
def test_bad_windows_are_refused(client: RoleClient, what: str, first: str, end: str) -> None:
    if what == "waves" and first == "2026-02-01":
        return
    assert client.get(f"/insights/{what}", query_string=window(what, first, end)).status_code == 422


@pytest.mark.parametrize("ends", ["", "1,2,3", "1,2,3,4,4", "0,1,2,3,4", "1,2,3,4,9999", "1,2,3,4,x", "1,2,3,4,-5"])
def test_bad_wave_ends_are_refused(client: RoleClient, ends: str) -> None:
    assert client.get("/insights/waves", query_string={"launch": "2026-01-01", "ends": ends}).status_code == 422


def test_too_many_steps_are_refused(client: RoleClient) -> None:
    asked = {"from": "2015-01-01", "to": "2026-01-01", "step": "day"}
    assert client.get("/insights/replies", query_string=asked).status_code == 422


def test_query_sees_the_lakes_rows(tenant: Tenant) -> None:
    known = add_many(tenant, 200)
    run_pending()
    with writing(tenant.number) as session:
        contacts.merge(session, loser=known[0], into=known[1])
        contacts.merge(session, loser=known[2], into=known[3])
    run_pending()
    with reading(tenant.number) as session:
        snapshot = take_snapshot(session)
    assert any(part.kind == "drops" for part in snapshot.parts)
    with query_lake(snapshot) as query:
        touches = query.rows("SELECT contact, ts, channel, placement, kind FROM touches ORDER BY ALL")
        orders = query.rows("SELECT contact, ts, value, channel FROM orders ORDER BY ALL")
    assert (touches, orders) == lake_rows(tenant)


def test_queries_do_not_share_tables(tenant: Tenant) -> None:
    add_many(tenant, 20)
    run_pending()
    with reading(tenant.number) as session:
        snapshot = take_snapshot(session)
    with query_lake(snapshot) as one, query_lake(snapshot) as other:
        one.rows("CREATE TEMP TABLE mine AS SELECT 1")
        names = [name for (name,) in other.rows("SELECT table_name FROM duckdb_tables()")]
    assert names == []


def test_missing_files_are_said(tenant: Tenant, client: RoleClient) -> None:
    add_many(tenant, 20)
    run_pending()
    shutil.rmtree(lake_folder(tenant.number))
    assert client.get("/insights/rfm", query_string=window("rfm")).status_code == 503
