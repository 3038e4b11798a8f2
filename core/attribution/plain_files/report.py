"""The credits of a plain-file run as rows, written as CSV or Parquet."""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.attribution.days import day_text
from core.attribution.model_kinds import ChannelEffects
from core.attribution.results import CellSums, Credits

DETAILS = ("removal_effect", "raw", "raw_se")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result; an empty channel is the unattributed orders' line."""

    model: str
    channel: str
    day: str | None
    conversions: float
    value: float
    removal_effect: float | None = None
    raw: float | None = None
    raw_se: float | None = None


def report_rows(
    credits: Credits, *, channels: Sequence[str], days: tuple[int, int] | None, unattributed: CellSums
) -> list[Row]:
    """By channel, then day. days: (first day, how many), or none when cells are channels; unattributed: its cells are
    days counted from the first, or one 0."""
    rows: list[Row] = []
    for model, cells in credits.cells.items():
        if days:
            rows.extend(_day_rows(model, cells, channels, days))
        else:
            rows.extend(_channel_rows(credits, model, cells, channels))
        rows.extend(
            Row(model, "", day_text(days[0] + int(day)) if days else None, float(conversions), float(value))
            for day, conversions, value in zip(
                unattributed.cell, unattributed.conversions, unattributed.value, strict=True
            )
            if conversions
        )
    return rows


def write_rows(rows: Sequence[Row], *, out: Path | None) -> None:
    """To `out` (Parquet by its suffix, else CSV) or to the standard output; columns that no row fills are left out."""
    names = ["model", "channel", "day", "conversions", "value", *DETAILS]
    optional = ("day", *DETAILS)
    names = [name for name in names if name not in optional or any(getattr(row, name) is not None for row in rows)]
    if out is not None and out.suffix == ".parquet":
        types = {name: pa.string() if name in ("model", "channel", "day") else pa.float64() for name in names}
        columns = {name: pa.array([getattr(row, name) for row in rows], types[name]) for name in names}
        pq.write_table(pa.table(columns), out)
        return
    if out is None:
        _write_csv(sys.stdout, rows, names)
        return
    with out.open("w", newline="", encoding="utf-8") as file:
        _write_csv(file, rows, names)


def _write_csv(file: TextIO, rows: Sequence[Row], names: Sequence[str]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        cells = (getattr(row, name) for name in names)
        writer.writerow(["" if cell is None else repr(cell) if isinstance(cell, float) else cell for cell in cells])


def _channel_rows(credits: Credits, model: str, cells: CellSums, channels: Sequence[str]) -> Iterator[Row]:
    effects = credits.effects.get(model)
    credit = np.zeros((2, len(channels)))
    credit[:, cells.cell] = cells.conversions, cells.value
    for index, channel in enumerate(channels):
        details = {name: _detail(effects, name, index) for name in DETAILS}
        yield Row(model, channel, None, float(credit[0, index]), float(credit[1, index]), **details)


def _detail(effects: ChannelEffects | None, name: str, channel: int) -> float | None:
    return float(effects.details[name][channel]) if effects and name in effects.details else None


def _day_rows(model: str, cells: CellSums, channels: Sequence[str], days: tuple[int, int]) -> Iterator[Row]:
    first, span = days
    for cell, conversions, value in zip(cells.cell, cells.conversions, cells.value, strict=True):
        if conversions or value:
            day = day_text(first + int(cell % span))
            yield Row(model, channels[cell // span], day, float(conversions), float(value))
