"""The credits of a plain-file run as rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from core.attribution.days import day_text
from core.attribution.intervals import interval_of
from core.attribution.jackknife import Errors, sample_of
from core.attribution.model_kinds import ChannelEffects
from core.attribution.plain_files.writing import write_table
from core.attribution.results import CellSums, Credits

DETAILS = ("removal_effect", "raw", "raw_se")
ALWAYS = ("model", "channel", "conversions", "value")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result; an empty channel is the unattributed orders' line. low, high: ends of 95 % intervals."""

    model: str
    channel: str
    day: str | None
    conversions: float
    value: float
    removal_effect: float | None = None
    raw: float | None = None
    raw_se: float | None = None
    conversions_low: float | None = None
    conversions_high: float | None = None
    value_low: float | None = None
    value_high: float | None = None


def report_rows(
    credits: Credits,
    *,
    channels: Sequence[str],
    days: tuple[int, int] | None,
    unattributed: CellSums,
    errors: Mapping[str, Errors] | None = None,
) -> list[Row]:
    """By channel, then day.

    Args:
        days: (first day, how many), or none when cells are channels.
        unattributed: its cells are days counted from the first, or one 0.
        errors: of channels' credits, by model.
    """
    rows: list[Row] = []
    groups = sample_of(credits.tally).groups
    for model, cells in credits.cells.items():
        if days:
            rows.extend(_day_rows(model, cells, channels, days))
        else:
            found = _channel_rows(credits, model, cells, channels)
            rows.extend(_with_ranges(found, (errors or {}).get(model), groups))
        rows.extend(
            Row(model, "", day_text(days[0] + int(day)) if days else None, float(conversions), float(value))
            for day, conversions, value in zip(
                unattributed.cell, unattributed.conversions, unattributed.value, strict=True
            )
            if conversions
        )
    return rows


def write_rows(rows: Sequence[Row], *, out: Path | None, as_json: bool = False, summary: str = "") -> None:
    """To `out` or to the standard output: CSV, Parquet (by the name of `out`) or, where asked or by its name, JSON with
    the summary. Columns that no row fills are left out."""
    names = filled_columns(rows)
    cells = [{name: getattr(row, name) for name in names} for row in rows]
    write_table(cells, names, out=out, as_json=as_json, summary=summary)


def filled_columns(rows: Sequence[Row]) -> list[str]:
    """The columns that a result always has, and those that any row fills."""
    names = [field.name for field in fields(Row)]
    return [name for name in names if name in ALWAYS or any(getattr(row, name) is not None for row in rows)]


def _channel_rows(credits: Credits, model: str, cells: CellSums, channels: Sequence[str]) -> Iterator[Row]:
    effects = credits.effects.get(model)
    credit = np.zeros((2, len(channels)))
    credit[:, cells.cell] = cells.conversions, cells.value
    for index, channel in enumerate(channels):
        details = {name: _detail(effects, name, index) for name in DETAILS}
        yield Row(model, channel, None, float(credit[0, index]), float(credit[1, index]), **details)


def _with_ranges(rows: Iterable[Row], errors: Errors | None, groups: int) -> Iterator[Row]:
    """The channels' rows, which come in the order of the errors."""
    for place, row in enumerate(rows):
        if errors is None:
            yield row
            continue
        count = interval_of(row.conversions, float(errors.conversions[place]), groups=groups)
        value = interval_of(row.value, float(errors.value[place]), groups=groups)
        yield replace(row, conversions_low=count[0], conversions_high=count[1], value_low=value[0], value_high=value[1])


def _detail(effects: ChannelEffects | None, name: str, channel: int) -> float | None:
    return float(effects.details[name][channel]) if effects and name in effects.details else None


def _day_rows(model: str, cells: CellSums, channels: Sequence[str], days: tuple[int, int]) -> Iterator[Row]:
    first, span = days
    for cell, conversions, value in zip(cells.cell, cells.conversions, cells.value, strict=True):
        if conversions or value:
            day = day_text(first + int(cell % span))
            yield Row(model, channels[cell // span], day, float(conversions), float(value))
