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
    ordered = part.select(part.conversions > 0)
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
            tally.cells.setdefault(name, []).append(_by_cell(ordered, weights, weights))


def _by_cell(journeys: Journeys, conversion_weights: Floats, value_weights: Floats) -> CellSums:
    cell = journeys.cell
    if not len(cell):
        return CellSums(cell, np.empty(0), np.empty(0))
    found: Ints | None = None
    if int(cell.max()) >= DENSE_LIMIT:
        found, cell = np.unique(cell, return_inverse=True)
    conversions = dense_sums(cell, conversion_weights * journeys.spread(journeys.conversions))
    value = dense_sums(cell, value_weights * journeys.spread(journeys.value))
    if found is None:
        found = np.flatnonzero(np.bincount(cell)).astype(np.int64)
        conversions, value = conversions[found], value[found]
    return CellSums(found, conversions, value)


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
        ones = np.ones(len(part.channel))
        everything = np.ones(len(part), np.int64)
        counted = Journeys(
            part.starts, part.channel, part.cell, part.at, part.ordered_at, everything, everything, np.ones(len(part))
        )
        touched.append(_by_cell(counted, ones, ones))
        ordered = part.select(part.conversions > 0)
        for name, found in effects.items():
            by_count = effect_weights(ordered, effects=found.conversions)
            by_value = effect_weights(ordered, effects=found.value)
            spread[name].append(_by_cell(ordered, by_count, by_value))
    touches = _merged(touched)
    return {
        name: _scaled(_merged(spread[name]), touches, channel_of(touches.cell), found, tally)
        for name, found in effects.items()
    }


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
