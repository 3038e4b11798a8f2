"""From journeys to credits: one pass over the parts for counts and touch models, a solve, one pass to spread channel
totals over cells. A part is a bucket's journeys; parts are added up in the order they come."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.attribution.heuristics import normalised
from core.attribution.journeys import Floats, Ints, Journeys
from core.attribution.model_kinds import AnyModel, ChannelEffects, ChannelModel
from core.attribution.sums import DENSE_LIMIT, Sums, add_sums, dense_sums

Parts = Callable[[], Iterable[Journeys]]


@dataclass(frozen=True, slots=True)
class CellSums:
    """What each cell got. cell: int64[k] ascending; conversions, value: float64[k]."""

    cell: Ints
    conversions: Floats
    value: Floats

    def by(self, key: Ints) -> "CellSums":
        """Added up by another key, int64[k]: one for each cell."""
        found, inverse = np.unique(key, return_inverse=True)
        conversions = dense_sums(inverse, self.conversions)
        return CellSums(found, conversions, dense_sums(inverse, self.value))


@dataclass(frozen=True, slots=True)
class Credits:
    """cells: credit by model; effects: what the channel models found; conversions, value: totals of orders with a
    touch; journeys: how many, null ones included."""

    cells: Mapping[str, CellSums]
    effects: Mapping[str, ChannelEffects]
    conversions: int
    value: float
    journeys: int


@dataclass(slots=True)
class _Tally:
    """What the first pass adds up."""

    cells: dict[str, list[CellSums]] = field(default_factory=dict)
    sums: dict[str, dict[str, list[Sums]]] = field(default_factory=dict)
    conversions: int = 0
    value: float = 0.0
    journeys: int = 0


def attribute(
    parts: Parts,
    *,
    models: Mapping[str, AnyModel],
    channels: int,
    channel_of: Callable[[Ints], Ints],
) -> Credits:
    """Credits of `models`, named as in the mapping. channels: how many there are; channel_of: cell -> channel."""
    tally = _Tally()
    for part in parts():
        _count_part(tally, part, models, channels)
    effects = {
        name: model.solve({key: add_sums(found) for key, found in tally.sums.get(name, {}).items()}, channels=channels)
        for name, model in models.items()
        if isinstance(model, ChannelModel) and name in tally.sums
    }
    cells = {name: _merged(found) for name, found in tally.cells.items()}
    cells |= _spread_effects(parts, effects, channel_of, tally)
    none = CellSums(np.empty(0, np.int64), np.empty(0), np.empty(0))
    return Credits(
        {name: cells.get(name, none) for name in models}, effects, tally.conversions, tally.value, tally.journeys
    )


def effect_weights(journeys: Journeys, *, effects: Floats) -> Floats:
    """float64[m]: each journey spread over its touches in proportion to their channels' effects."""
    return normalised(journeys, effects[journeys.channel])


def _count_part(tally: _Tally, part: Journeys, models: Mapping[str, AnyModel], channels: int) -> None:
    if not len(part):
        return
    ordered = part.select(part.converted)
    cells = _PartCells.of(ordered)
    tally.conversions += int(ordered.conversions.sum())
    tally.value += float(ordered.value.sum())
    tally.journeys += int(part.conversions.sum() + part.nulls.sum())
    for name, model in models.items():
        if isinstance(model, ChannelModel):
            found = tally.sums.setdefault(name, {})
            for key, sums in model.count(part, channels=channels).items():
                found.setdefault(key, []).append(sums)
        else:
            weights = model.credits(ordered)
            tally.cells.setdefault(name, []).append(cells.add_up(weights, weights))


@dataclass(frozen=True, slots=True)
class _PartCells:
    """A part's cells as small numbers, and what each touch is worth: worked out once for all models."""

    key: Ints
    index: Ints
    conversions: Floats
    value: Floats

    @classmethod
    def of(cls, journeys: Journeys) -> "_PartCells":
        cell = journeys.cell
        if len(cell) and int(cell.max()) < DENSE_LIMIT:
            seen = np.bincount(cell) > 0
            key, index = np.flatnonzero(seen).astype(np.int64), (np.cumsum(seen) - 1)[cell]
        else:
            key, index = np.unique(cell, return_inverse=True)
        conversions = journeys.spread(journeys.conversions).astype(np.float64)
        return cls(key, index, conversions, journeys.spread(journeys.value))

    def add_up(self, conversion_weights: Floats, value_weights: Floats) -> CellSums:
        size = len(self.key)
        conversions = dense_sums(self.index, conversion_weights * self.conversions, size=size)
        return CellSums(self.key, conversions, dense_sums(self.index, value_weights * self.value, size=size))


def _merged(parts: list[CellSums]) -> CellSums:
    together = CellSums(
        np.concatenate([part.cell for part in parts]),
        np.concatenate([part.conversions for part in parts]),
        np.concatenate([part.value for part in parts]),
    )
    return together.by(together.cell)


def _spread_effects(
    parts: Parts, effects: Mapping[str, ChannelEffects], channel_of: Callable[[Ints], Ints], tally: _Tally
) -> dict[str, CellSums]:
    """A channel's total goes to its cells as the orders' spread does; where it never stood in an order's journey,
    as its touches do."""
    if not effects:
        return {}
    spread: dict[str, list[CellSums]] = {name: [] for name in effects}
    touched = []
    for part in parts():
        touched.append(_touch_counts(part))
        ordered = part.select(part.converted)
        cells = _PartCells.of(ordered)
        for name, found in effects.items():
            by_count = effect_weights(ordered, effects=found.conversions)
            by_value = effect_weights(ordered, effects=found.value)
            spread[name].append(cells.add_up(by_count, by_value))
    touches = _merged(touched)
    return {
        name: _scaled(_merged(spread[name]), touches, channel_of(touches.cell), found, tally)
        for name, found in effects.items()
    }


def _touch_counts(part: Journeys) -> CellSums:
    cells = _PartCells.of(part)
    counts = dense_sums(cells.index, np.ones(len(part.channel)), size=len(cells.key))
    return CellSums(cells.key, counts, counts)


def _scaled(spread: CellSums, touches: CellSums, channel: Ints, effects: ChannelEffects, tally: _Tally) -> CellSums:
    """The channel totals, split over all cells that were touched."""
    totals = (effects.conversions * tally.conversions, effects.value * tally.value)
    columns = []
    for total, amount in zip(totals, (spread.conversions, spread.value), strict=True):
        part = Sums(spread.cell, amount).at(touches.cell)
        whole = dense_sums(channel, part, size=len(total))
        missing = whole[channel] == 0
        part = np.where(missing, touches.conversions, part)
        whole = dense_sums(channel, part, size=len(total))
        columns.append(part / whole[channel] * total[channel])
    return CellSums(touches.cell, columns[0], columns[1])
