"""Channel totals over cells: what a channel model found, split over days and placements as its orders' touches lie."""

from collections.abc import Callable, Mapping

import numpy as np

from core.attribution.heuristics import normalised
from core.attribution.journeys import Floats, Ints, Journeys, SmallInts
from core.attribution.model_kinds import ChannelEffects
from core.attribution.parts import Part
from core.attribution.results import CellSums
from core.attribution.sums import Places, Sums, dense_sums
from core.attribution.tally import Tally

DENSE_NUMBERS = 1 << 18
"""Journeys are written out as rows of all channels, so many numbers at a time: they stay near the processor."""
NO_EFFECT = 1e-15
"""A share this small is what rounding left of none."""


def effect_weights(journeys: Journeys, *, effects: Floats) -> Floats:
    """float64[m]: each journey spread over its touches in proportion to their channels' effects."""
    return normalised(journeys, effects[journeys.channel])


def spread(journeys: Journeys, *, effects: Mapping[str, ChannelEffects]) -> Sums:
    """By cell: touches (count), and for each model what its journeys' conversions and value come to when each is
    divided by the effects of its touches (amounts). Times the channel's effect that would be the order's spread; as the
    channel's total is known, the effect cancels out, and nothing has to be worked out for single touches."""
    places = Places.of(journeys.cell.astype(np.intp, copy=False))  # as counting wants it, once for all rows
    shares = np.stack([one for found in effects.values() for one in (found.conversions, found.value)])
    per_effect = np.empty((len(shares), len(journeys)))
    for low in range(0, len(journeys), step := max(DENSE_NUMBERS // shares.shape[1], 1)):
        mine = slice(low, low + step)
        total = _shares_of(journeys, shares, low, low + step)
        amounts = np.where(np.arange(len(shares))[:, None] % 2, journeys.value[mine], journeys.conversions[mine])
        per_effect[:, mine] = np.divide(amounts, total, out=np.zeros_like(total), where=total > 0)
    return places.sums([places.times()], [places.amount(journeys.spread(row)) for row in per_effect])


def _shares_of(journeys: Journeys, shares: Floats, low: int, high: int) -> Floats:
    """float64[s, j]: each row's shares of the channels, float64[s, channels], summed over the touches of the journeys
    low:high. How often each channel is met is counted once for all rows."""
    starts = journeys.starts[low : high + 1]
    mine, count, width = slice(int(starts[0]), int(starts[-1])), len(starts) - 1, shares.shape[1]
    place = journeys.channel[mine] * np.int64(count) + (journeys.owner[mine] - low)
    times = np.bincount(place, minlength=width * count).reshape(width, count)
    # Not by matrix product: its library's own threads would get in the way of ours.
    total: Floats = np.einsum("sc,cj->sj", shares, times.astype(np.float64))
    return total


def find_orphans(found: Sums, *, effects: Mapping[str, ChannelEffects], width: int) -> Ints:
    """int64[o], ascending: channels with an effect that no order's journey shows where to put."""
    channel = found.key // width
    lonely = np.zeros(0, np.int64)
    for row, one in enumerate(effects.values()):
        for at, shares in ((2 * row, one.conversions), (2 * row + 1, one.value)):
            whole = dense_sums(channel, found.amounts[at], size=len(shares))
            lonely = np.union1d(lonely, np.flatnonzero((shares > NO_EFFECT) & (whole[: len(shares)] == 0)))
    return lonely


def count_touches(part: Part, *, channels: Ints) -> Sums:
    """By cell: all touches of these channels, also those that led to no order (count)."""
    return count_chosen(part.paths.channel, lambda index: part.cells()[index], channels=channels)


def count_chosen(channel: SmallInts, cells: Callable[[Ints], SmallInts], *, channels: Ints) -> Sums:
    """The same of touches with these channels. cells: tells those of the touches at an index."""
    places = Places.of(cells(np.flatnonzero(np.isin(channel, channels))))
    return places.sums([places.times()], [])


def split_totals(
    found: Sums, touches: Sums, *, effects: Mapping[str, ChannelEffects], tally: Tally, width: int
) -> dict[str, CellSums]:
    """Each channel's total over its cells: as the orders' spread lies (found), and the orphans' as their touches do."""
    cell = np.union1d(found.key, touches.key) if len(touches) else found.key
    channel, touched = cell // width, touches.count(0, cell)
    split = {}
    for row, (name, one) in enumerate(effects.items()):
        columns = []
        for at, total in ((2 * row, one.conversions * tally.conversions), (2 * row + 1, one.value * tally.value)):
            part = found.amount(at, cell)
            lonely = dense_sums(channel, part, size=len(total)) == 0
            part = np.where(lonely[channel], touched, part)
            whole = dense_sums(channel, part, size=len(total))
            scale = np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)
            columns.append(part * scale[channel])
        split[name] = CellSums(cell, *columns)
    return split
