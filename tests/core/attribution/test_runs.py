"""Runs over the lake, by jobs: totals, dimensions, options, the usual windows, and the same figures as plain files."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import select

from core import clock
from core.attribution.commands import attribute
from core.attribution.models import AttributionCredit, AttributionRun
from core.channels.models import Channel
from core.db import across_tenants, parse_id, platform_writing, reading, writing
from core.jobs.models import Job
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.lake.made_facts import at


def test_every_dimension_sums_to_totals(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client)
    assert run["state"] == "done"
    for by in ("channel", "placement", "day"):
        table = credits(client, run, by=by)
        for column in ("conversions", "value"):
            for model in table["models"]:
                given = sum(row[column] for row in table["rows"] if row["model"] == model)
                lost = next(row[column] for row in table["unattributed"] if row["model"] == model)
                total = next(row[column] for row in table["totals"] if row["model"] == model)
                assert given + lost == pytest.approx(total, rel=1e-12)
                assert lost > 0


def test_run_equals_plain_files(tenant: Tenant, client: RoleClient, tmp_path: Path) -> None:
    make_brand(tenant)
    run = run_all_time(client, lookback_days=20, half_life_days=3)
    table = credits(client, run)
    _export(tenant, tmp_path)
    flags = ["--touchpoints", f"{tmp_path}/t.csv", "--orders", f"{tmp_path}/o.csv"]
    flags += ["--lookback-days", "20", "--half-life-days", "3"]
    result = CliRunner().invoke(attribute, [*flags, *(part for model in run["models"] for part in ("--model", model))])
    assert result.exit_code == 0, result.output
    plain = {(row["model"], row["channel"]): row for row in csv.DictReader(result.stdout.splitlines())}
    assert len(table["rows"]) == len(plain) - len(run["models"])
    for row in table["rows"]:
        expected = plain[row["model"], row["name"]]
        assert row["conversions"] == pytest.approx(float(expected["conversions"]), rel=1e-9)
        assert row["value"] == pytest.approx(float(expected["value"]), rel=1e-9)


def test_models_may_be_chosen(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, models=["markov", "markov_2", "shapley"])
    table = credits(client, run, models="markov_2,shapley")
    assert table["models"] == ["markov_2", "shapley"]
    found = {row["model"]: row for row in table["rows"]}
    assert 0 < found["markov_2"]["removal_effect"] <= 1
    assert found["shapley"]["raw"] is not None
    assert credits(client, run, by="day", models="markov")["rows"][0]["removal_effect"] is None


def test_window_counts_only_its_orders(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    whole = run_all_time(client)
    asked = client.post("/attribution/runs", json={"from": "2026-01-20", "to": "2026-02-01"})
    run_pending()
    part = client.get(f"/attribution/runs/{asked.json['id']}").json  # type: ignore[index]  # a JSON object
    with reading(tenant.number) as session:
        placed = [o.placed_at for o in session.scalars(select(Order))]
    start, end = at(-8 * 60) + timedelta(days=19), at(-8 * 60) + timedelta(days=31)
    assert part is not None
    assert part["orders"] == sum(start <= when < end for when in placed)
    assert whole["orders"] == len(placed)


def test_refund_lowers_the_value(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    before = credits(client, run_all_time(client))["totals"][0]
    with writing(tenant.number) as session:
        order = session.scalars(select(Order).where(Order.amount_minor > 1000).limit(1)).one()
        orders.refund(session, channel_number=1, order_no=order.order_no, amount_minor=500, event_id="r", at=at(9))
    after = credits(client, run_all_time(client))["totals"][0]
    assert after["value"] == pytest.approx(before["value"] - 5)
    assert after["conversions"] == before["conversions"]


def test_usual_windows_follow_the_lake(tenant: Tenant) -> None:
    make_brand(tenant)
    run_pending()
    first = _presets(tenant)
    assert sorted(run.preset or "" for run in first) == ["30", "7", "90", "all"]
    run_pending()
    assert [run.id for run in _presets(tenant)] == [run.id for run in first]
    make_brand_order(tenant)
    run_pending()
    again = _presets(tenant)
    assert len(again) == 4
    assert not {run.id for run in again} & {run.id for run in first}


def test_usual_windows_follow_the_day(tenant: Tenant) -> None:
    make_brand(tenant)
    run_pending()
    with clock.set_to(clock.now() + timedelta(days=1)):
        make_brand_order(tenant)
        run_pending()
        assert {run.to_day for run in _presets(tenant)} == {(clock.now() + timedelta(days=1, hours=8)).date()}


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "2026-02-01", "to": "2026-02-01"},
        {"from": "2026-01-01", "to": "2026-02-01", "lookback_days": -1},
        {"from": "2026-01-01", "to": "2026-02-01", "half_life_days": 0},
        {"from": "2026-01-01", "to": "2026-02-01", "half_life_days": 1e-300},
        {"from": "0001-01-01", "to": "2026-02-01"},
        {"from": "2026-01-01", "to": "9999-12-31"},
        {"from": "2026-01-01", "to": "2026-02-01", "models": ["lucky"]},
        {"from": "99999-01-01", "to": "2026-02-01"},
        {"from": "2026-01-01", "to": "2026-02-01", "cut": "sharp"},
    ],
)
def test_bad_options_are_refused(client: RoleClient, wrong: dict[str, object]) -> None:
    assert client.post("/attribution/runs", json=wrong).status_code == 422


@pytest.mark.parametrize(("state", "shown"), [("dead", "failed"), ("cancelled", "failed"), ("ready", "queued")])
def test_run_of_given_up_job_has_failed(tenant: Tenant, client: RoleClient, state: str, shown: str) -> None:
    asked = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01"}).json
    assert asked is not None
    with platform_writing() as session:
        session.execute(sa.update(Job).where(Job.kind == "attribution.run").values(state=state))
    one = client.get(f"/attribution/runs/{asked['id']}").json
    listed = client.get("/attribution/runs").json
    assert one is not None
    assert listed is not None
    assert (one["state"], listed["items"][0]["state"]) == (shown, shown)
    assert ("given up" in (one["error"] or "")) is (shown == "failed")


def test_repeated_run_gives_same_bytes(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    runs = [run_all_time(client, models=["time_decay", "markov_2", "shapley"]) for _ in range(2)]
    assert runs[0]["generation"] == runs[1]["generation"]
    first, again = (_stored(tenant, run["id"]) for run in runs)
    assert first == again
    assert set(first) == {"time_decay", "markov_2", "shapley", ""}


def test_foreign_run_looks_absent(client: RoleClient, tenant: Tenant, other_tenant: Tenant) -> None:
    run = run_all_time(client)
    client.tenant = other_tenant
    assert client.get(f"/attribution/runs/{run['id']}").status_code == 404
    assert client.get("/attribution/credits", query_string={"run": run["id"]}).status_code == 404


def make_brand_order(tenant: Tenant) -> None:
    make_brand(tenant, people=2, touches=8, seed=5)


def _presets(tenant: Tenant) -> list[AttributionRun]:
    with reading(tenant.number) as session:
        return list(session.scalars(select(AttributionRun).where(AttributionRun.preset.is_not(None))))


def _export(tenant: Tenant, folder: Path) -> None:
    with across_tenants() as session:
        names = {c.number: c.name for c in session.scalars(select(Channel).where(Channel.tenant_id == tenant.number))}
        touches = session.scalars(select(Touchpoint).order_by(Touchpoint.id)).all()
        found = session.scalars(select(Order).order_by(Order.id)).all()
    lines = [f"{t.contact_number},{t.at.isoformat()},{names[t.channel_number]}" for t in touches]
    (folder / "t.csv").write_text("contact,time,channel\n" + "\n".join(lines))
    rows = [f"{o.contact_number},{o.placed_at.isoformat()},{o.amount_minor / 100}" for o in found]
    (folder / "o.csv").write_text("contact,time,value\n" + "\n".join(rows))


def test_channels_have_intervals_and_cautions(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    table = credits(client, run_all_time(client, upstream_share=0.3))
    assert {row["model"] for row in table["rows"] if row["value_interval"]} == set(table["models"])
    for row in table["rows"]:
        for measure in ("conversions", "value"):
            interval = row[f"{measure}_interval"]
            assert 0 <= interval["low"] <= row[measure] <= interval["high"]
        wide = row["value_interval"]["high"] - row["value_interval"]["low"] > row["value"]
        assert [one["code"] for one in row["cautions"]] == ["wide_interval"] * wide
    assert [one["code"] for one in table["cautions"]] == ["few_contacts"]
    assert all(one["zh"] and one["en"] for one in table["cautions"])


def test_placements_have_intervals_of_rules(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, upstream_share=0.3)
    channels, placements = (credits(client, run, by=by)["rows"] for by in ("channel", "placement"))
    # Every channel of this brand has one placement, or none.
    expected = {(row["model"], row["name"]): row["value_interval"] for row in channels}
    for row in placements:
        own = row["value_interval"]
        assert (own is None) == (row["model"] in ("markov", "markov_2", "shapley"))
        name = "Cards" if row["name"] == "Cards 1" else row["name"].removesuffix(" · –")
        if own is not None:
            assert (own["low"], own["high"]) == pytest.approx(tuple(expected[row["model"], name].values()))


def test_brief_runs_have_no_intervals(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, detail="brief")
    table = credits(client, run)
    assert run["contacts"] is None
    assert not any(row["value_interval"] for row in table["rows"])
    assert "no_interval" in [one["code"] for one in table["cautions"]]
    full = credits(client, run_all_time(client, detail="full"))
    for measure in ("value", "conversions"):
        expected = [row[measure] for row in table["rows"]]
        assert [row[measure] for row in full["rows"]] == pytest.approx(expected, rel=1e-12)


def _stored(tenant: Tenant, run_id: str) -> dict[str, tuple[bytes, dict[str, list[float]]]]:
    with reading(tenant.number) as session:
        rows = session.scalars(select(AttributionCredit).where(AttributionCredit.run_id == parse_id(run_id)))
        return {row.model: (row.cells, row.effects) for row in rows}
