"""`siyu attribute` on small files; for several test files."""

import csv
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.attribution.commands import attribute

TOUCHPOINTS = """customer_id,time,channel
1,2026-01-01T10:00:00Z,Search
1,2026-01-03 10:00:00+00:00,Mail
2,2026-01-02,Search
,2026-01-02,Search
"""
ORDERS = """customer_id,paid_at,amount
1,2026-01-03T10:00:00Z,30
3,2026-01-05,12.5
"""
PATHS = "path;total_conversions;total_conversion_value;total_null\na > b;2;10;1\nb;1;4;3\n"


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files above, in a folder where the command is run."""
    monkeypatch.chdir(folder)
    Path("t.csv").write_text(TOUCHPOINTS)
    Path("o.csv").write_text(ORDERS)
    Path("p.csv").write_text(PATHS)
    return folder


def run(*arguments: str) -> Result:
    """The command."""
    return CliRunner().invoke(attribute, arguments)


def events(*arguments: str) -> Result:
    """The command, with touches and orders."""
    return run("--touchpoints", "t.csv", "--orders", "o.csv", *arguments)


def rows(result: Result) -> list[dict[str, str]]:
    """Of a table on standard output."""
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines()))


def refused(result: Result, message: str) -> None:
    """In one line."""
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def many_events(folder: Path, *, seed: int, shuffled: bool = False) -> tuple[str, ...]:
    """Touches and orders of many people, in two files."""
    dice = random.Random(seed)
    touches = [
        f"u{dice.randrange(80)},2026-01-{dice.randint(1, 28):02}T{n // 60:02}:{n % 60:02},{dice.choice('abc')}"
        for n in range(300)
    ]
    bought = [f"u{dice.randrange(80)},2026-01-{dice.randint(1, 28):02},{dice.randint(1, 90)}" for _ in range(60)]
    if shuffled:
        random.Random(5).shuffle(touches)
    (folder / "t.csv").write_text("contact,time,channel\n" + "\n".join(touches))
    (folder / "o.csv").write_text("contact,time,value\n" + "\n".join(bought))
    return "--model", "linear", "--model", "markov"
