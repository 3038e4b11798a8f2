"""What `siyu attribute` says beside the credits: intervals, JSON, and two results compared."""

import json
from pathlib import Path

import pytest

from tests.core.attribution.command_line import events, many_events, prepare, rows, run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepare(tmp_path, monkeypatch)


def test_channels_have_intervals(folder: Path) -> None:
    models = many_events(folder, seed=3)
    found = [row for row in rows(events(*models)) if row["channel"]]
    for row in found:
        assert 0 <= float(row["value_low"]) < float(row["value"]) < float(row["value_high"])
        assert float(row["conversions_low"]) < float(row["conversions"]) < float(row["conversions_high"])
    assert "value_low" not in rows(events(*models, "--no-intervals"))[0]
    assert "value_low" not in rows(events(*models, "--by", "day"))[0]


def test_order_of_rows_changes_no_interval(folder: Path) -> None:
    models = many_events(folder, seed=3)
    first = rows(events(*models))
    many_events(folder, seed=3, shuffled=True)
    for row, other in zip(first, rows(events(*models)), strict=True):
        for name in ("value_low", "value_high"):
            if row[name]:
                assert float(row[name]) == pytest.approx(float(other[name]), rel=1e-9)


def test_impossible_intervals_are_refused() -> None:
    for found in (events("--by", "day", "--intervals"), run("--paths", "p.csv", "--intervals")):
        assert found.exit_code == 1
        assert "intervals" in found.stderr


def test_json_says_what_csv_says(folder: Path) -> None:
    models = many_events(folder, seed=3)
    table, told = rows(events(*models)), json.loads(events(*models, "--json").stdout)
    assert [row["value"] for row in told["rows"]] == [float(row["value"]) for row in table]
    assert "60 orders" in told["summary"]
    assert events(*models, "--out", "r.json").exit_code == 0
    assert json.loads(Path("r.json").read_text()) == told


@pytest.mark.parametrize("name", ["csv", "json", "parquet"])
def test_results_are_compared(folder: Path, name: str) -> None:
    for number in (1, 2):
        assert events(*many_events(folder, seed=number), "--out", f"{number}.{name}").exit_code == 0
    found = rows(run("compare", f"1.{name}", f"2.{name}"))
    assert {row["model"] for row in found} == {"linear", "markov"}
    for model in ("linear", "markov"):
        mine = [row for row in found if row["model"] == model]
        assert [abs(float(row["value_difference"])) for row in mine] == sorted(
            (abs(float(row["value_difference"])) for row in mine), reverse=True
        )
        assert sum(float(row["share"]) for row in mine) == pytest.approx(1)
        assert sum(float(row["share_difference"]) for row in mine) == pytest.approx(0, abs=1e-12)
        for row in mine:
            assert float(row["value_with"]) - float(row["value"]) == pytest.approx(float(row["value_difference"]))
            assert bool(row["value_low"]) == bool(row["value_high_with"]) == bool(row["channel"])


def test_days_are_compared_too(folder: Path) -> None:
    for number in (1, 2):
        many_events(folder, seed=number)
        assert events("--model", "linear", "--by", "day", "--out", f"{number}.csv").exit_code == 0
    told = json.loads(run("compare", "1.csv", "2.csv", "--json").stdout)
    assert {row["day"][:8] for row in told["rows"]} == {"2026-01-"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "model,channel\nlast,a\n", "no result"),
        ("a.csv", "model,channel,conversions,value\nlast,a,x,1\n", "no result"),
        ("a.csv", "model,channel,conversions,value\nlast,a,1,1\nlast,a,1,1\n", "twice"),
        ("a.csv", "model,channel,conversions,value\nfirst,a,1,1\n", "in common"),
        ("a.json", "[]", "no result"),
        ("a.json", "{", "no result"),
        ("a.parquet", "x", "no result"),
    ],
)
def test_wrong_results_are_not_compared(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text)
    (folder / "b.csv").write_text("model,channel,conversions,value\nlast,a,1,1\n")
    found = run("compare", name, "b.csv")
    assert found.exit_code == 1
    assert said in found.stderr
