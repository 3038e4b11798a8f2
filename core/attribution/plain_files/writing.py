"""Rows of a result as CSV, JSON or Parquet."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.parquet as pq

TEXTS = frozenset({"model", "channel", "day", "line", "key", "name", "amount", "amount_with", "amount_difference"})
Cells = Mapping[str, object]


def write_table(
    rows: Sequence[Cells], names: Sequence[str], *, out: Path | None, as_json: bool = False, summary: str = ""
) -> None:
    """To `out`, or to the standard output when None. Parquet and JSON by its name; JSON also where it is asked for."""
    if out is not None and out.suffix == ".parquet" and not as_json:
        types = {name: pa.string() if name in TEXTS else pa.float64() for name in names}
        pq.write_table(pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in names}), out)
        return
    is_json = as_json or (out is not None and out.suffix == ".json")
    if out is None:
        _write(sys.stdout, rows, names, summary if is_json else None)
        return
    with out.open("w", newline="", encoding="utf-8") as file:
        _write(file, rows, names, summary if is_json else None)


def _write(file: TextIO, rows: Sequence[Cells], names: Sequence[str], summary: str | None) -> None:
    """As JSON where there is a summary."""
    if summary is not None:
        told = {"summary": summary, "rows": [{name: row[name] for name in names} for row in rows]}
        json.dump(told, file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")
        return
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = (row[name] for name in names)
        writer.writerow(["" if cell is None else repr(cell) if isinstance(cell, float) else cell for cell in cells])
