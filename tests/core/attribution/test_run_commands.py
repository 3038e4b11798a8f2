"""`siyu runs`: lists a brand's runs and sets two side by side."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from core import settings
from core.cli import siyu
from core.db import Database
from core.errors import NotFound
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_orders import make_brand, run_all_time


@pytest.fixture
def pair(tenant: Tenant, client: RoleClient) -> list[dict[str, Any]]:
    make_brand(tenant)
    before = run_all_time(client)
    make_brand(tenant, people=9, touches=60, seed=4)
    return [before, run_all_time(client, lookback_days=20, models=["last", "markov", "linear"])]


@pytest.fixture
def terminal(db: Database, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("SIYU_DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    settings.current.cache_clear()
    return CliRunner()


def run(terminal: CliRunner, tenant: Tenant, *words: str) -> Result:
    return terminal.invoke(siyu, ["runs", *words, "--tenant", tenant.name])


def rows_of(said: Result) -> list[dict[str, str]]:
    assert said.exit_code == 0, said.output
    return list(csv.DictReader(said.stdout.splitlines()))


def test_runs_are_listed_newest_first(terminal: CliRunner, tenant: Tenant, pair: list[dict[str, Any]]) -> None:
    listed = {row["id"]: row for row in rows_of(run(terminal, tenant, "list"))}
    assert [*listed] == sorted(listed, reverse=True)
    assert {one["id"] for one in pair} < {*listed}
    told = listed[pair[1]["id"]]
    assert (told["state"], told["made"], {*told["models"].split()}) == ("done", "full", {"last", "markov", "linear"})
    assert [row["id"] for row in rows_of(run(terminal, tenant, "list", "--limit", "1"))] == [*listed][:1]


def test_comparison_is_the_api_one(
    terminal: CliRunner, tenant: Tenant, client: RoleClient, pair: list[dict[str, Any]], tmp_path: Path
) -> None:
    ids = [one["id"] for one in pair]
    asked = {"run": ids[0], "with": ids[1], "by": "day", "models": "last,markov"}
    expected = client.get("/attribution/compare", query_string=asked).json
    words = ("compare", *ids, "--by", "day", "--model", "last", "--model", "markov")
    assert json.loads(run(terminal, tenant, *words, "--json").stdout) == expected
    table = rows_of(run(terminal, tenant, *words))
    credits = [row for row in table if row["line"] == "credit"]
    assert expected is not None
    assert [(row["model"], row["key"]) for row in credits] == [(row["model"], row["key"]) for row in expected["rows"]]
    assert [float(row["value_difference"]) for row in credits] == [row["value_difference"] for row in expected["rows"]]
    for model in ("last", "markov"):
        sums = [
            sum(float(row["value_difference"]) for row in table if row["model"] == model and is_total(row) == total)
            for total in (False, True)
        ]
        assert sums[0] == pytest.approx(sums[1])
    for name in ("table.parquet", "table.json"):
        assert run(terminal, tenant, *words, "--out", str(tmp_path / name)).exit_code == 0
    assert pq.read_table(tmp_path / "table.parquet").num_rows == len(table)
    assert json.loads((tmp_path / "table.json").read_text()) == expected


def is_total(row: dict[str, str]) -> bool:
    return row["line"] == "total"


def test_differences_and_cautions_are_told(terminal: CliRunner, tenant: Tenant, pair: list[dict[str, Any]]) -> None:
    said = run(terminal, tenant, "compare", pair[0]["id"], pair[1]["id"])
    assert "differs: lookback_days: 90.0 / 20.0" in said.stderr


def test_windows_stand_for_newest_runs(terminal: CliRunner, tenant: Tenant, pair: list[dict[str, Any]]) -> None:
    listed = rows_of(run(terminal, tenant, "list"))
    newest = {row["preset"]: row["id"] for row in reversed(listed)}
    told = json.loads(run(terminal, tenant, "compare", "30", "all", "--json").stdout)
    assert (told["run"]["id"], told["with"]["id"]) == (newest["30"], newest["all"])


@pytest.mark.parametrize("first", ["30", "nothing", "01890000-0000-7000-8000-000000000000"])
def test_unknown_runs_are_refused(terminal: CliRunner, tenant: Tenant, first: str) -> None:
    said = run(terminal, tenant, "compare", first, "all")
    assert said.exit_code == 1
    assert isinstance(said.exception, NotFound)
    assert first != "30" or "No run of the window 30 is finished yet" in said.exception.message
