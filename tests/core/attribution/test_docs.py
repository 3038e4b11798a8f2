"""The worked examples of docs/attribution.md are what the engine computes."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.attribution.catalog import HEURISTICS
from core.attribution.commands import attribute

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
