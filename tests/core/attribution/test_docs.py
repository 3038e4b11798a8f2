"""The worked examples of docs/attribution.md are what the engine computes."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from core.attribution.catalog import HEURISTICS
from core.attribution.commands import attribute
from core.attribution.jackknife import half_width, spread_of
from core.attribution.maturing import LagCode, find_maturing
from core.attribution.sums import Sums

TEXT = (Path(__file__).parents[3] / "docs" / "attribution.md").read_text()


def run(*flags: str) -> dict[tuple[str, str], dict[str, str]]:
    result = CliRunner().invoke(attribute, flags)
    assert result.exit_code == 0, result.output
    return {(row["model"], row["channel"]): row for row in csv.DictReader(result.stdout.splitlines())}


def test_one_order_is_shared_as_told(tmp_path: Path) -> None:
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if ", " in line[:12]]
    touches = [(row[0].split(",")[0], int(re.findall(r"\d+", row[0])[0]), row) for row in table if "March" in row[0]]
    lines = [f"Ann,2026-03-{day:02}T09:00:00Z,{channel}" for channel, day, _ in touches]
    (tmp_path / "t.csv").write_text("contact,time,channel\n" + "\n".join(lines))
    (tmp_path / "o.csv").write_text("contact,time,value\nAnn,2026-03-12T09:00:00Z,100\n")
    found = run("--touchpoints", f"{tmp_path}/t.csv", "--orders", f"{tmp_path}/o.csv")
    assert len(touches) == 4
    for channel, day, row in touches:
        assert int(row[1]) == 12 - day
        for model, told in zip(("first", *HEURISTICS[2:]), row[2:], strict=True):
            assert float(found[model, channel]["value"]) == pytest.approx(float(told), abs=0.005)


def test_four_paths_give_what_is_told(tmp_path: Path) -> None:
    block = TEXT[TEXT.index("    path;total") :].split("\n\n")[0]
    (tmp_path / "p.csv").write_text("\n".join(line.strip() for line in block.splitlines()))
    found = run("--paths", f"{tmp_path}/p.csv", "--model", "markov", "--model", "shapley")
    told = {
        "Cards": ("2.304", "1", "0.4667"),
        "Search": ("1.440", "0.625", "-0.1167"),
        "Live": ("0.256", "0.1111", "0.05"),
    }
    for channel, figures in told.items():
        assert all(figure in TEXT for figure in figures)
        conversions, effect, raw = (float(figure) for figure in figures)
        assert float(found["markov", channel]["conversions"]) == pytest.approx(conversions, abs=5e-4)
        assert float(found["markov", channel]["removal_effect"]) == pytest.approx(effect, abs=5e-5)
        assert float(found["shapley", channel]["raw"]) == pytest.approx(raw, abs=5e-5)
    assert float(found["shapley", "Cards"]["conversions"]) == pytest.approx(3.6129, abs=5e-5)


def test_weights_share_as_told(tmp_path: Path) -> None:
    kinds = (("Search", 1, "click"), ("Cards", 5, "scan"), ("Live", 8, "comment"), ("direct", 12, "visit"))
    lines = [f"Ann,2026-03-{day:02}T09:00:00Z,{channel},{kind}" for channel, day, kind in kinds]
    (tmp_path / "t.csv").write_text("contact,time,channel,kind\n" + "\n".join(lines))
    (tmp_path / "o.csv").write_text("contact,time,value\nAnn,2026-03-12T09:00:00Z,100\n")
    files = ("--touchpoints", f"{tmp_path}/t.csv", "--orders", f"{tmp_path}/o.csv")
    found = run(*files, "--kind-weight", "click=2", "--kind-weight", "visit=0.5")
    for model, told in (("linear", "44.44, 22.22, 22.22 and 11.11"), ("time_decay", "28.69, 21.31, 28.69 and 21.31")):
        assert told in TEXT
        for (channel, _, _), figure in zip(kinds, re.findall(r"[\d.]+", told), strict=True):
            assert float(found[model, channel]["value"]) == pytest.approx(float(figure), abs=0.005)
    found = run(*files, "--direct-touches", "last_resort")
    for channel, _, _ in kinds[:3]:
        assert float(found["linear", channel]["value"]) == pytest.approx(33.33, abs=0.005)
    assert "33.33 each" in TEXT


def test_interval_is_as_told() -> None:
    credit = np.array([10.0] * 9 + [20.0])
    rows = np.append(credit.sum() - credit, credit.sum())[:, None]
    errors = spread_of(rows, rows, np.full(10, 10 / 9))
    assert errors.value[0] == pytest.approx(10.0)
    half = half_width(float(errors.value[0]), groups=10)
    assert (110 - half, 110 + half) == pytest.approx((87.38, 132.62), abs=0.005)
    assert "110 - 22.62 = 87.38 to 132.62" in TEXT


def test_ripeness_is_as_told() -> None:
    code, watched = LagCode(3, 2), np.array([3, 2, 1])
    pairs = {(0, 0): 8, (0, 1): 4, (0, 2): 4, (1, 0): 4, (1, 1): 4, (2, 0): 8}
    key = np.array([day * 3 + lag for day, lag in pairs], np.int64)
    lags = Sums(key, np.array([list(pairs.values())], np.int64), np.empty((0, len(key))))
    found = find_maturing(lags, code=code, first_day=0, watched=watched)
    assert found is not None
    assert found.shares.tolist() == pytest.approx([0.45, 0.75, 1.0])
    assert found.of_credit(np.arange(3), np.array([16.0, 8.0, 8.0])) == pytest.approx(0.72)
    assert "0.45 = 44.44, of which 32 have come: 0.72" in TEXT
