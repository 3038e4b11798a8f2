"""A run's credits by channel, placement or day, with names, totals and what nobody gets."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.attribution.days import day_text
from core.attribution.journeys import Ints
from core.attribution.maturing import Maturing, read_maturing
from core.attribution.models import AttributionCredit, AttributionRun
from core.attribution.packing import UNKNOWN, CreditColumns
from core.channels.service import list_channels
from core.errors import Conflict, FieldError, Invalid
from core.placements.models import Placement

Dimension = Literal["channel", "placement", "day", "order"]
ORDERS = {0: "new", 1: "repeat", UNKNOWN: "unknown"}
"""Whether the order was the contact's first."""
PLACEMENT_SPAN = 1 << 32
DETAILS = ("removal_effect", "raw", "raw_se", "calibration", "se", "se_value")


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One model's credit of one channel, placement or day. key: its public id, or the ISO day; raw_se: the standard
    error of a raw value that was sampled; se, se_value: those of conversions and value over whom one met; ripeness:
    how much of the conversions that its touches will bring has come, None where nobody can tell."""

    model: str
    key: str
    name: str
    conversions: float
    value: float
    removal_effect: float | None = None
    raw: float | None = None
    calibration: float | None = None
    raw_se: float | None = None
    se: float | None = None
    se_value: float | None = None
    ripeness: float | None = None


@dataclass(frozen=True, slots=True)
class CreditTable:
    """lines by model; lost: what no model can give, by day only in the lines."""

    models: list[str]
    lines: list[CreditLine]


def credit_table(session: Session, run: AttributionRun, *, models: Sequence[str], by: Dimension) -> CreditTable:
    """The credits of a finished run.

    Raises:
        Conflict: it is not finished.
        Invalid: it has no such model.
    """
    if run.state != "done":
        raise Conflict(f"The run is {run.state}; its credits come when it is done.")
    chosen = list(dict.fromkeys(models)) or list(run.models)
    unknown = [model for model in chosen if model not in run.models]
    if unknown:
        raise Invalid(fields=[FieldError("models", "unknown", f"This run has {', '.join(run.models)}.")])
    rows = session.scalars(
        sa.select(AttributionCredit).where(AttributionCredit.run_id == run.id, AttributionCredit.model.in_(chosen))
    )
    found = {row.model: row for row in rows}
    name_of = _namer(session, by)
    maturing = read_maturing(run.maturing)
    lines = [line for model in chosen if model in found for line in _lines(found[model], by, name_of, maturing)]
    return CreditTable(chosen, lines)


def effects_of(session: Session, run_id: uuid.UUID) -> dict[str, Mapping[str, list[float]]]:
    """What the channel models of a run found, by model."""
    rows = session.execute(
        sa.select(AttributionCredit.model, AttributionCredit.effects).where(AttributionCredit.run_id == run_id)
    )
    return {model: effects for model, effects in rows if effects}


def _lines(
    row: AttributionCredit, by: Dimension, name_of: Callable[[int], tuple[str, str]], maturing: Maturing | None
) -> list[CreditLine]:
    columns = CreditColumns.from_bytes(row.cells)
    code, inverse = _coded(columns, row, by)
    conversions = np.bincount(inverse, columns.conversions, minlength=len(code))
    value = np.bincount(inverse, columns.value, minlength=len(code))
    ripe = _ripeness(columns, inverse, conversions, maturing)
    errors = _place_errors(row) if by == "placement" else {}
    lines = []
    for one, count, amount, share in zip(code.tolist(), conversions.tolist(), value.tolist(), ripe, strict=True):
        key, name = name_of(one)
        details = {short: _effect(row, short, one) for short in DETAILS} if by == "channel" else errors.get(one, {})
        lines.append(CreditLine(row.model, key, name, count, amount, ripeness=share, **details))
    return lines


def _place_errors(row: AttributionCredit) -> dict[int, dict[str, float | None]]:
    """Standard errors by code of placement; none of channel models, and of runs made before they were kept."""
    kept = row.effects
    if "place_channel" not in kept:
        return {}
    columns = (kept[name] for name in ("place_channel", "place_placement", "place_se", "place_se_value"))
    return {
        int(channel) * PLACEMENT_SPAN + int(placement): {"se": error, "se_value": error_of_value}
        for channel, placement, error, error_of_value in zip(*columns, strict=True)
    }


def _ripeness(
    columns: CreditColumns, inverse: Ints, conversions: NDArray[np.number], maturing: Maturing | None
) -> list[float | None]:
    """What there is over what it will become, for each code."""
    if maturing is None:
        return [None] * len(conversions)
    expected = np.bincount(inverse, columns.conversions / maturing.of_days(columns.day), minlength=len(conversions))
    pairs = zip(conversions.tolist(), expected.tolist(), strict=True)
    return [seen / whole if seen > 0 < whole else None for seen, whole in pairs]


def _coded(columns: CreditColumns, row: AttributionCredit, by: Dimension) -> tuple[Ints, Ints]:
    """The codes there are, ascending, and the place of each row among them. A channel that a channel model judged has
    its line even when it earned nothing."""
    codes = _code(columns, by)
    found = np.unique(codes)
    if by == "channel" and "met" in row.effects:
        found = np.union1d(found, np.flatnonzero(row.effects["met"]))
    return found, np.searchsorted(found, codes)


def _effect(row: AttributionCredit, name: str, channel: int) -> float | None:
    return row.effects[name][channel] if name in row.effects else None


def _code(columns: CreditColumns, by: Dimension) -> Ints:
    if by == "channel":
        return columns.channel
    if by == "day":
        return columns.day
    if by == "order":
        return columns.repeat
    return columns.channel * PLACEMENT_SPAN + columns.placement


def _namer(session: Session, by: Dimension) -> Callable[[int], tuple[str, str]]:
    """Key and name of a code; touches of no placement stand under their channel."""
    if by == "day":
        return lambda day: (day_text(day), day_text(day))
    if by == "order":
        return lambda code: (ORDERS[code], ORDERS[code])
    channels = {channel.number: (str(channel.id), channel.name) for channel in list_channels(session)}
    if by == "channel":
        return lambda number: channels.get(number, (str(number), f"#{number}"))
    rows = session.execute(sa.select(Placement.number, Placement.id, Placement.name))
    placements = {number: (str(key), name) for number, key, name in rows}

    def name_of(code: int) -> tuple[str, str]:
        channel, placement = divmod(code, PLACEMENT_SPAN)
        if placement in placements:
            return placements[placement]
        key, name = channels.get(channel, (str(channel), f"#{channel}"))
        return f"channel:{key}", f"{name} · –"

    return name_of
