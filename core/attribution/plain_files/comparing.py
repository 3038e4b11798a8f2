"""Two results of `siyu attribute` side by side."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import Invalid

NEEDED = ("model", "channel", "conversions", "value")
ENDS = ("value_low", "value_high")
Key = tuple[str, str, str]
Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Side:
    """One result: its lines by model, channel and day, and each model's whole value."""

    lines: dict[Key, dict[str, float | None]]
    whole: dict[str, float]


def compare_results(first: Path, second: Path) -> list[dict[str, object]]:
    """A row for each model, channel and day of the models that both have, those that differ most first; a side that
    lacks a line has zeros. Differences are the second's less the first's; shares are of all value of the model.

    Raises:
        Invalid: a file is no result of `siyu attribute`, or they have no model in common.
    """
    left, right = read_result(first), read_result(second)
    models = [model for model in left.whole if model in right.whole]
    if not models:
        raise Invalid(f"{first.name} and {second.name} have no model in common")
    keys = {key: None for side in (left, right) for key in side.lines if key[0] in models}
    rows = [_row(key, left, right) for key in keys]
    place = {model: number for number, model in enumerate(models)}
    by_size = sorted(rows, key=lambda row: (place[str(row["model"])], -abs(float(str(row["value_difference"])))))
    return [row for row in by_size if row["day"]] or [{k: v for k, v in row.items() if k != "day"} for row in by_size]


def read_result(path: Path) -> Side:
    """What `siyu attribute` wrote: CSV, Parquet or JSON, by the file's name."""
    try:
        rows = _rows_of(path)
        lines = {_key(row): {name: _figure(row.get(name)) for name in ("conversions", "value", *ENDS)} for row in rows}
    except (KeyError, TypeError, ValueError, csv.Error, pa.ArrowException) as error:
        raise Invalid(f"{path.name} is no result of `siyu attribute`: it needs {', '.join(NEEDED)}") from error
    if len(lines) < len(rows):
        raise Invalid(f"{path.name} has a model and channel twice")
    whole: dict[str, float] = {}
    for (model, _, _), line in lines.items():
        whole[model] = whole.get(model, 0.0) + (line["value"] or 0.0)
    return Side(lines, whole)


def _rows_of(path: Path) -> Sequence[Cells]:
    if path.suffix == ".parquet":
        table: list[Cells] = pq.read_table(path).to_pylist()
        return table
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        told: list[Cells] = json.loads(text)["rows"]
        return told
    return list(csv.DictReader(text.splitlines(), strict=True))


def _key(row: Cells) -> Key:
    if any(row[name] is None for name in ("model", "conversions", "value")):
        raise ValueError("a cell is missing")
    return str(row["model"]), str(row["channel"] or ""), str(row.get("day") or "")


def _figure(cell: object) -> float | None:
    return None if cell is None or cell == "" else float(str(cell))


def _row(key: Key, left: Side, right: Side) -> dict[str, object]:
    model, channel, day = key
    sides = [side.lines.get(key, {}) for side in (left, right)]
    row: dict[str, object] = {"model": model, "channel": channel, "day": day}
    for name in ("conversions", "value"):
        before, after = ((side.get(name) or 0.0) for side in sides)
        row |= {name: before, f"{name}_with": after, f"{name}_difference": after - before}
    shares = [
        (line.get("value") or 0.0) / side.whole[model] if side.whole[model] else None
        for line, side in zip(sides, (left, right), strict=True)
    ]
    row |= {"share": shares[0], "share_with": shares[1]}
    row["share_difference"] = None if None in shares else (shares[1] or 0.0) - (shares[0] or 0.0)
    row |= {name: sides[0].get(name) for name in ENDS}
    return row | {f"{name}_with": sides[1].get(name) for name in ENDS}
