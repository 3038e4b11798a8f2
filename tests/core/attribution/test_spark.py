"""Runs by Spark's executors: the same credits as by the threads of one process, whatever the lake went through."""

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core import settings
from core.attribution import engine
from core.attribution.commands import attribute
from core.attribution.models import AttributionCredit
from core.attribution.packing import CreditColumns
from core.attribution.spark import passes
from core.attribution.spark.passes import SparkFailed, SparkPasses
from core.contacts import service as contacts
from core.db import parse_id, reading, writing
from core.jobs.runner import run_pending
from core.lake import growth
from core.lake.flush import flush_lake
from core.lake.manifest import Snapshot, take_snapshot
from core.lake.parts import SHARED
from core.orders import service as orders
from core.orders.models import Order
from core.plugin_host.host import host
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_orders import make_brand, run_all_time
from tests.core.attribution.object_store import bucket as bucket
from tests.core.attribution.object_store import names_in
from tests.core.attribution.plugin_rules import Failing, Homebound, Rising
from tests.core.attribution.spark_here import spark as spark
from tests.core.lake.made_facts import add_order, add_people, add_touches, at

MODELS = (
    *("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped"),
    *("markov", "markov_2", "markov_3", "markov_4", "shapley"),
)
TOLERANCE = 1e-12
Found = dict[str, tuple[list[Any], dict[str, list[float]]]]

pytestmark = pytest.mark.slow


@pytest.fixture
def busy(tenant: Tenant, spark: Path, monkeypatch: pytest.MonkeyPatch) -> Tenant:
    """A brand whose lake has many buckets, deltas beside them, a refund, a cancellation, a merge and an inviter."""
    monkeypatch.setattr(growth, "WHOLE", 30)
    monkeypatch.setattr(growth, "FULL", 30)
    make_brand(tenant)
    flush_lake(tenant.number)
    with writing(tenant.number) as session:
        people = add_people(session, 4)
        add_touches(session, people, [10, 20, 30, 40])
        for turn, person in enumerate(people):
            add_order(session, person, 50 + turn, 3_333)
        contacts.merge(session, loser=people[0], into=people[1])
        claim_inviters(session, [InviterTold(people[2], str(people[3]), at(0), "import")])
        refunded, cancelled = session.scalars(select(Order.order_no).where(Order.amount_minor > 1_000).limit(2))
        late = at(9_999)
        orders.refund(session, channel_number=1, order_no=refunded, amount_minor=500, event_id="r", at=late)
        orders.cancel(session, channel_number=1, order_no=cancelled, event_id="c", at=late)
    flush_lake(tenant.number)
    return tenant


def snapshot_of(tenant: Tenant) -> Snapshot:
    with reading(tenant.number) as session:
        return take_snapshot(session)


def stored(tenant: Tenant, run: dict[str, Any]) -> Found:
    """What the run left in the database, by model."""
    with reading(tenant.number) as session:
        rows = session.scalars(select(AttributionCredit).where(AttributionCredit.run_id == parse_id(run["id"])))
        found = {}
        for row in rows:
            cells = CreditColumns.from_bytes(row.cells)
            columns = [cells.channel, cells.placement, cells.day, cells.conversions, cells.value]
            found[row.model] = (columns, row.effects)
        return found


def assert_same(found: Found, expected: Found) -> None:
    assert found.keys() == expected.keys()
    for model, (columns, effects) in expected.items():
        for mine, theirs in zip(found[model][0], columns, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=TOLERANCE * max(1.0, float(np.abs(theirs).sum())))
        assert found[model][1].keys() == effects.keys()
        for name, row in effects.items():
            np.testing.assert_allclose(found[model][1][name], row, rtol=0, atol=TOLERANCE)


def use_models(monkeypatch: pytest.MonkeyPatch, *models: Any) -> None:
    more = SimpleNamespace(models={**host().models, **{model.name: model for model in models}})
    monkeypatch.setattr("core.attribution.known_models.host", lambda: more)


def test_spark_equals_local_threads(busy: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    use_models(monkeypatch, Rising())
    snapshot = snapshot_of(busy)
    assert len(snapshot.buckets) >= 8
    assert {part.kind for part in snapshot.parts if part.bucket == SHARED} == {"touches", "orders", "drops"}
    asked = {"models": [*MODELS, "rising"], "upstream_share": 0.3}
    local, spread = (run_all_time(client, engine=engine, **asked) for engine in ("local", "spark"))
    assert (local["engine"], spread["engine"], spread["state"]) == ("local", "spark", "done")
    assert set(stored(busy, spread)) == {*MODELS, "rising", "upstream", ""}
    assert_same(stored(busy, spread), stored(busy, local))


def test_order_of_tasks_changes_nothing(busy: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"engine": "spark", "models": ["linear", "markov_2"]}
    first = stored(busy, run_all_time(client, **asked))
    monkeypatch.setattr(passes, "BUCKETS_A_TASK", 1)
    many = stored(busy, run_all_time(client, **asked))
    for model, (columns, effects) in first.items():
        assert all(np.array_equal(mine, theirs) for mine, theirs in zip(many[model][0], columns, strict=True))
        assert many[model][1] == effects
    monkeypatch.setattr(passes, "MOST_TALLIES", 3)
    assert_same(stored(busy, run_all_time(client, **asked)), first)


def test_neighbours_together_equal_local_threads(
    busy: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MANY_PARTS", 2)
    asked = {"models": ["w_shaped", "markov_2", "shapley"], "detail": "brief"}
    local, spread = (stored(busy, run_all_time(client, engine=one, **asked)) for one in ("local", "spark"))
    assert_same(spread, local)
    assert all(np.array_equal(*both) for both in zip(spread["w_shaped"][0], local["w_shaped"][0], strict=True))


def test_channel_without_orders_gets_place(busy: Tenant, client: RoleClient) -> None:
    with writing(busy.number) as session:
        lonely = add_people(session, 1)
        add_touches(session, lonely * 2, [60, 61], channel=2)
    local, spread = (run_all_time(client, engine=engine, models=["shapley"]) for engine in ("local", "spark"))
    assert_same(stored(busy, spread), stored(busy, local))


def test_empty_lake_gives_no_credit(tenant: Tenant, client: RoleClient, spark: Path) -> None:
    assert run_all_time(client, engine="spark")["state"] == "done"


@pytest.mark.parametrize("broken", [Homebound, Failing])
def test_broken_model_is_left_out(
    busy: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch, broken: type[Any]
) -> None:
    use_models(monkeypatch, broken(), Rising())
    run = run_all_time(client, engine="spark", models=["last", broken.name, "rising"])
    assert run["models"] == ["last", "rising"]


def test_lake_is_read_from_an_address(
    busy: Tenant, client: RoleClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = run_all_time(client, models=["linear"])
    monkeypatch.setenv("SIYU_LAKE_URL", (tmp_path / "far").as_uri())
    settings.current.cache_clear()
    spread = run_all_time(client, engine="spark", models=["linear"])
    assert_same(stored(busy, spread), stored(busy, local))
    far = tmp_path / "far" / f"tenant={busy.number}"
    assert {str(path.relative_to(far)) for path in far.rglob("part-*")} == {p.name for p in snapshot_of(busy).parts}


def test_object_store_gives_equal_credits(busy: Tenant, client: RoleClient, bucket: str) -> None:
    asked = {"models": ["linear", "markov_2", "shapley"]}
    local, spread = (run_all_time(client, engine=engine, **asked) for engine in ("local", "spark"))
    assert (spread["engine"], spread["state"]) == ("spark", "done")
    assert_same(stored(busy, spread), stored(busy, local))
    assert names_in(bucket, busy) == {part.name for part in snapshot_of(busy).parts}


@pytest.mark.parametrize("files", [["--paths", "paths.csv"], ["--touchpoints", "t.csv", "--orders", "o.csv"]])
def test_files_give_the_same(spark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIYU_SPARK_MASTER", "local[2]")
    settings.current.cache_clear()
    lines = ["a > b;2;9.0;1", "c;1;4.0;0", "b > a > c;0;0;3"]
    Path("paths.csv").write_text("path;total_conversions;total_conversion_value;total_null\n" + "\n".join(lines))
    touches = [f"{who},2026-01-{1 + who % 9:02d} 10:00,{'abc'[who % 3]}" for who in range(60)]
    Path("t.csv").write_text("contact,time,channel\n" + "\n".join(touches))
    bought = [f"{who},2026-01-20 10:00,{who}" for who in range(0, 60, 4)]
    Path("o.csv").write_text("contact,time,value\n" + "\n".join(bought))
    flags = [*files, "--model", "linear", "--model", "markov", "--model", "shapley"]
    here, there = (CliRunner().invoke(attribute, [*flags, "--engine", engine]) for engine in ("local", "spark"))
    assert there.exit_code == 0, there.output
    found, expected = figures_of(there.stdout), figures_of(here.stdout)
    assert found.keys() == expected.keys()
    for name, figures in expected.items():
        assert found[name] == pytest.approx(figures, rel=1e-12, abs=1e-12)


def figures_of(text: str) -> dict[tuple[str, str], list[float]]:
    rows = list(csv.reader(text.splitlines()))[1:]
    return {(row[0], row[1]): [float(cell) for cell in row[2:] if cell] for row in rows}


def test_failing_executors_are_told_in_a_line(spark: Path) -> None:
    with pytest.raises(SparkFailed, match="ZeroDivisionError") as told:
        SparkPasses([_divide], {}, 3).count()
    assert "\n" not in told.value.message


def test_ended_job_ends_the_pass(spark: Path) -> None:
    def interrupt(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SparkPasses([_divide], {}, 3, interrupt).count()


def test_usual_windows_use_the_set_engine(busy: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_ATTRIBUTION_ENGINE", "spark")
    settings.current.cache_clear()
    run_pending()
    listed = client.get("/attribution/runs").json
    assert listed is not None
    assert {run["engine"] for run in listed["items"]} == {"spark"}


def _divide() -> Any:
    return 1 // 0
