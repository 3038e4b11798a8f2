"""What Spark needs on this machine, what a run says without it, and what travels; no Java is started."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from core import settings
from core.attribution.catalog import built_in_models, register_models
from core.attribution.counting import count_journeys, solve
from core.attribution.journeys import laid_together
from core.attribution.parts import Part
from core.attribution.plugin_models import BrokenModel, PluginModel
from core.attribution.spark import sessions
from core.attribution.spark.errands import Count, Errand, Spread, pack_models, release, sums_of
from core.attribution.spark.sessions import SparkMissing, require_spark
from core.attribution.spreading import spread
from core.attribution.tally import Tally
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_journeys import made_part
from tests.core.attribution.made_orders import make_brand, run_all_time
from tests.core.attribution.plugin_rules import Homebound, Rising

PATHS = [("a", "b", "b"), ("c",), ("b", "a")]
OUTCOMES = [(2, 1, 9.0), (1, 0, 4.0), (0, 3, 0.0)]


def part() -> Part:
    return made_part(PATHS, OUTCOMES)


def errand_of(work: Any, *, neighbours: int = 1, group: int = 1, version: str | None = None) -> Errand:
    return Errand(pickle.dumps([[part] * neighbours] * 3), pickle.dumps(work), group, version or release(), "run")


def rows_of(errand: Errand, *places: int, room: Path) -> list[dict[str, Any]]:
    given = pa.record_batch({"id": pa.array(places, pa.int64())})
    return [row for batch in errand.run(iter([given]), room=room) for row in batch.to_pylist()]


def kept_in(room: Path) -> list[str]:
    return sorted(str(path.relative_to(room)) for path in room.glob("journeys-*/*"))


def test_missing_java_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_java", lambda: None)
    with pytest.raises(SparkMissing, match="openjdk-17-jre-headless"):
        require_spark()


def test_missing_pyspark_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SparkMissing, match=r"siyu\[spark\]"):
        require_spark()


def test_old_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setattr(sessions, "_java", lambda: str(java))
    with pytest.raises(SparkMissing, match="is Java 11"):
        require_spark()


def test_run_says_what_is_missing(tenant: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_running", [])  # other tests of this process may have a session
    monkeypatch.setattr(sessions, "_java", lambda: None)
    make_brand(tenant, people=3, touches=10)
    run = run_all_time(client, engine="spark")
    assert run["state"] == "failed"
    assert "openjdk-17-jre-headless" in run["error"]


def test_engine_is_local_unless_set(tenant: Tenant, client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    window = {"from": "2026-01-01", "to": "2026-02-01"}
    assert client.post("/attribution/runs", json=window).json["engine"] == "local"  # type: ignore[index]  # a JSON object
    monkeypatch.setenv("SIYU_ATTRIBUTION_ENGINE", "spark")
    settings.current.cache_clear()
    assert client.post("/attribution/runs", json=window).json["engine"] == "spark"  # type: ignore[index]  # a JSON object
    assert client.post("/attribution/runs", json=window | {"engine": "flink"}).status_code == 422


def test_errand_counts_like_the_kernel(tmp_path: Path) -> None:
    models = register_models([*built_in_models(), PluginModel(Rising())])
    rows = rows_of(errand_of(Count(pack_models(models), 3), group=2), 1, 0, room=tmp_path)
    assert [row["place"] for row in rows] == [1, 0]
    once = count_journeys(part(), models=models, channels=3)
    for row, expected in zip(rows, (once, once + once), strict=True):
        tally = Tally.from_bytes(row["tally"])
        assert tally.touch_models == expected.touch_models
        for name, sums in expected.sums.items():
            np.testing.assert_array_equal(tally.sums[name].counts, sums.counts)
            np.testing.assert_array_equal(tally.sums[name].amounts, sums.amounts)


def test_neighbours_are_counted_together(tmp_path: Path) -> None:
    models = register_models([*built_in_models(), PluginModel(Rising())])
    (row,) = rows_of(errand_of(Count(pack_models(models), 3), neighbours=2), 1, room=tmp_path)
    tally, once = Tally.from_bytes(row["tally"]), count_journeys(part(), models=models, channels=3)
    assert tally.sums.keys() == once.sums.keys()
    for name, sums in (once + once).sums.items():
        np.testing.assert_array_equal(tally.sums[name].counts, sums.counts)
        np.testing.assert_allclose(tally.sums[name].amounts, sums.amounts, rtol=1e-15)


def test_model_that_cannot_travel_is_named() -> None:
    with pytest.raises(BrokenModel, match=r"homebound.*cannot travel"):
        pack_models({"homebound": PluginModel(Homebound())})


def test_model_not_installed_there_is_named(tmp_path: Path) -> None:
    (row,) = rows_of(errand_of(Count({"rising": b"\x80\x04cnowhere\nRising\n."}, 3)), 0, room=tmp_path)
    assert (row["broken"], row["tally"]) == ("rising", b"")
    assert "not installed on Spark's executors (ModuleNotFoundError)" in row["reason"]


def test_other_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="install the same"):
        rows_of(errand_of(Spread({}), version="0.0.0"), 0, room=tmp_path)


def test_abandoned_task_is_done_again(tmp_path: Path) -> None:
    models = register_models(built_in_models())
    errand = errand_of(Count(pack_models(models), 3))
    for room in ("other", "one"):
        (tmp_path / room).mkdir()
    expected = rows_of(errand, 0, 1, 2, room=tmp_path / "other")
    begun = errand.run(iter([pa.record_batch({"id": pa.array([0, 1, 2], pa.int64())})]), room=tmp_path / "one")
    next(begun)
    del begun
    assert kept_in(tmp_path / "one") == ["journeys-run/0"]
    assert rows_of(errand, 0, 1, 2, room=tmp_path / "one") == expected
    assert kept_in(tmp_path / "one") == kept_in(tmp_path / "other")


@pytest.mark.parametrize("neighbours", [1, 2])
def test_second_pass_needs_no_shelf(tmp_path: Path, neighbours: int) -> None:
    models = register_models(built_in_models())
    effects = solve(count_journeys(part(), models=models, channels=3), models=models, channels=3)
    (tmp_path / "journeys-earlier").mkdir()
    rows_of(errand_of(Count(pack_models(models), 3), neighbours=neighbours), 0, 1, room=tmp_path)
    assert kept_in(tmp_path) == ["journeys-run/0", "journeys-run/1"]
    assert not (tmp_path / "journeys-earlier").exists()
    expected = spread(laid_together([part().journeys] * neighbours), effects=effects)
    for row in rows_of(errand_of(Spread(effects), neighbours=neighbours), 0, 1, 2, room=tmp_path):
        np.testing.assert_array_equal(sums_of(Tally.from_bytes(row["tally"])).amounts, expected.amounts)
