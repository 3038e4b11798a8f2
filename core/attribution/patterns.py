"""Orders' journeys as `spreading.spread` sees them, summed: enough to spread them again when the effects have changed.

What a journey gives to a cell is amount / sum over its touches of effect[channel], for each of its touches there. So
journeys with the same channels equally often (a *pattern*) may be added up cell by cell, and the sum over their touches
is worked out once a pattern.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Floats, Ints, Journeys, SmallInts, spans, starts_of
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sums import Places, Sums, dense_sums

BLOCK_TOUCHES = 800_000
"""Patterns are shared within about so many touches: fewer would share less, and of more the patterns' own numbers would
no longer lie near the processor."""
NEAR_ENTRIES = 1 << 16
WIDTHS = (np.uint8, np.uint16, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """times: whole numbers[channels, p], how often each of p patterns has each channel. cell: int64[k], ascending, with
    `touches` each. Cell i has the entries starts[i]:starts[i + 1], one for each `pattern` that meets it; amounts:
    float64[e, 2], conversions and value, summed over the pattern's touches there."""

    times: SmallInts
    cell: Ints
    touches: Ints
    starts: Ints
    pattern: SmallInts
    amounts: Floats

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """As `spreading.spread` of the journeys would find it.

        Conversions and value are the two parts of a complex number, so that each pattern is looked up once for both."""
        both = [self._per_effect(found) for found in effects.values()]
        amounts = np.empty((len(both), len(self.cell)), np.complex128)
        for low, high in self._pieces():
            begin, end = int(self.starts[low]), int(self.starts[high])
            pattern = self.pattern[begin:end].astype(np.intp)  # as look-ups want it, once for all of them
            weight, first = self.amounts[begin:end].ravel(), self.starts[low:high] - begin
            for row, one in enumerate(both):
                spread = one.take(pattern, mode="clip")  # all are inside; saying so spares a look at each
                parts = spread.view(np.float64)
                parts *= weight
                np.add.reduceat(spread, first, out=amounts[row, low:high])
        rows = amounts.view(np.float64).reshape(len(both), -1, 2).transpose(0, 2, 1).reshape(2 * len(both), -1)
        return Sums(self.cell, self.touches[None, :], rows)

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Ranges of cells with about as many entries as stay near the processor."""
        wanted = np.arange(NEAR_ENTRIES, int(self.starts[-1]), NEAR_ENTRIES)
        yield from pairwise(np.unique([0, *np.searchsorted(self.starts, wanted), len(self.cell)]).tolist())

    def _per_effect(self, effects: ChannelEffects) -> NDArray[np.complex128]:
        """complex128[p]: one over the sum of the effects of each pattern's touches, or 0; on conversions and value."""
        shares = np.stack([effects.conversions, effects.value])[:, : len(self.times)]
        total = (shares @ self.times.astype(np.float64)).T
        per_effect = np.divide(1.0, total, out=np.zeros(total.shape), where=total > 0)
        both: NDArray[np.complex128] = per_effect.view(np.complex128)[:, 0]
        return both


def in_blocks(parts: Iterator[Journeys]) -> Iterator[list[Journeys]]:
    """Parts of about BLOCK_TOUCHES together; those without journeys are left out."""
    block: list[Journeys] = []
    for journeys in parts:
        if len(journeys):
            block.append(journeys)
        if sum(len(one.channel) for one in block) >= BLOCK_TOUCHES:
            yield block
            block = []
    if block:
        yield block


def find_patterns(block: Sequence[Journeys]) -> Patterns:
    """The patterns of one or more journeys."""
    lengths = np.concatenate([one.lengths for one in block])
    channel = np.concatenate([one.channel for one in block]).astype(np.int64)
    conversions = np.concatenate([one.conversions for one in block]).astype(np.float64)
    value = np.concatenate([one.value for one in block])
    owner = np.repeat(np.arange(len(lengths)), lengths)
    begin, met, times = _count_channels(owner, channel)
    first, pattern = _alike(begin, met, times)
    places = Places.of(np.concatenate([one.cell for one in block]).astype(np.int64))
    touches = places.times()
    filled = np.flatnonzero(touches)
    index = (np.cumsum(touches > 0) - 1)[places.index]
    entry, home = np.unique(index * len(first) + pattern[owner], return_inverse=True)
    return Patterns(
        _written_out(begin, met, times, first),
        places.key[filled],
        touches[filled],
        starts_of(np.bincount(entry // len(first))),
        (entry % len(first)).astype(np.int32),
        np.stack([dense_sums(home, conversions[owner]), dense_sums(home, value[owner])], axis=1),
    )


def _written_out(begin: Ints, channel: Ints, times: Ints, chosen: Ints) -> SmallInts:
    """whole numbers[channels, chosen journeys]: how often each meets each, in numbers as narrow as they may be."""
    starts = starts_of(np.diff(begin)[chosen])
    taken = spans(begin[chosen], starts)
    width = next(width for width in WIDTHS if int(times.max()) <= np.iinfo(width).max)
    found = np.zeros((int(channel.max()) + 1, len(chosen)), width)
    found[channel[taken], np.repeat(np.arange(len(chosen)), np.diff(starts))] = times[taken]
    return found


def _count_channels(owner: Ints, channel: Ints) -> tuple[Ints, Ints, Ints]:
    """begin int64[j + 1]: where the channels of each journey begin; those channels, and how often they are met."""
    width = int(channel.max()) + 1
    pair, times = np.unique(owner * width + channel, return_counts=True)
    return starts_of(np.bincount(pair // width)), pair % width, times


def _alike(begin: Ints, channel: Ints, times: Ints) -> tuple[Ints, Ints]:
    """A journey of each pattern, and the pattern of each journey; found by a hash, and proved."""
    word = _mixed((channel << 40) + times)
    _, first, pattern = np.unique(np.add.reduceat(word, begin[:-1]), return_index=True, return_inverse=True)
    stands_for, lengths = first[pattern], np.diff(begin)
    if np.array_equal(lengths[stands_for], lengths):
        twin = spans(begin[stands_for], begin)
        if np.array_equal(channel[twin], channel) and np.array_equal(times[twin], times):
            return first, pattern
    each = np.arange(len(lengths))  # two patterns with one hash: every journey is its own
    return each, each


def _mixed(word: Ints) -> NDArray[np.uint64]:
    mixed = word.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(27))
