"""`siyu attribute` on the sample files against figures that independent packages computed."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.attribution.commands import attribute

pytestmark = pytest.mark.sample_data


@pytest.fixture
def samples() -> Path:
    folder = os.environ.get("SIYU_SAMPLE_DATA")
    if not folder:
        pytest.skip("SIYU_SAMPLE_DATA is not set")
    return Path(folder)


def run(*arguments: str | Path) -> tuple[list[dict[str, str]], str]:
    result = CliRunner().invoke(attribute, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines())), result.stderr


def test_paths_equal_expected_file(samples: Path) -> None:
    wanted = ("first", "last", "linear", "markov")
    rows, _ = run("--paths", samples / "paths_10k.csv", *(part for name in wanted for part in ("--model", name)))
    found = {(row["model"], row["channel"]): row for row in rows}
    with (samples / "paths_10k_expected.csv").open() as file:
        expected = list(csv.DictReader(file))
    assert {row["channel"] for row in expected} == {channel for _, channel in found}
    for row in expected:
        for model in wanted[:3]:
            for column in ("conversions", "value"):
                figure = float(found[model, row["channel"]][column])
                assert figure == pytest.approx(float(row[f"{model}_{column}"]), rel=1e-9)
        effect = float(found["markov", row["channel"]]["removal_effect"])
        assert effect == pytest.approx(float(row["markov1_removal_effect"]), abs=1e-9)


@pytest.mark.parametrize("by", ["channel", "day"])
def test_events_sum_to_known_totals(samples: Path, by: str) -> None:
    file = samples / "touchpoints_62k.csv"
    models = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov", "shapley")
    rows, summary = run(
        *("--touchpoints", file, "--orders", file, "--orders-where", "interaction=conversion", "--by", by),
        *(part for name in models for part in ("--model", name)),
    )
    assert summary.startswith("62,483 touchpoints of 7,896 contacts, 1,838 orders")
    conversions, value = defaultdict[str, float](float), defaultdict[str, float](float)
    for row in rows:
        conversions[row["model"]] += float(row["conversions"])
        value[row["model"]] += float(row["value"])
    assert conversions == pytest.approx(dict.fromkeys(models, 1838.0), rel=1e-9)
    assert value == pytest.approx(dict.fromkeys(models, 11423.5), rel=1e-9)
