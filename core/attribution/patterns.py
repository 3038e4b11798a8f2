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

BLOCK_TOUCHES = 1_000_000
"""Patterns are shared within about so many touches: more would share little and need more memory."""


DENSE_NUMBERS = 1 << 20
"""Patterns are written out as rows of all channels, so many numbers at a time."""
NEAR_ENTRIES = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Pattern i has the channels channel[begin[i]:begin[i + 1]], each as often as `times` says; begin int64[p + 1].
    cell: int64[k], ascending, with `touches` each. Cell i has the entries starts[i]:starts[i + 1], one for each
    `pattern` that meets it, with conversions and value, float64[e], summed over the pattern's touches there."""

    begin: Ints
    channel: SmallInts
    times: Floats
    cell: Ints
    touches: Ints
    starts: Ints
    pattern: SmallInts
    conversions: Floats
    value: Floats

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """As `spreading.spread` of the journeys would find it."""
        shares = np.stack([one for found in effects.values() for one in (found.conversions, found.value)])
        total = self._totals(shares)
        per_effect = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        amounts = np.empty((len(per_effect), len(self.cell)))
        for low, high in self._pieces():
            begin, end = int(self.starts[low]), int(self.starts[high])
            pattern = self.pattern[begin:end].astype(np.intp)  # as look-ups want it, once for all of them
            first = self.starts[low:high] - begin
            for row, one in enumerate(per_effect):
                spread = one.take(pattern, mode="clip")  # all are inside; saying so spares a look at each
                spread *= (self.value if row % 2 else self.conversions)[begin:end]
                np.add.reduceat(spread, first, out=amounts[row, low:high])
        return Sums(self.cell, self.touches[None, :], amounts)

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Ranges of cells with about as many entries as stay near the processor."""
        wanted = np.arange(NEAR_ENTRIES, int(self.starts[-1]), NEAR_ENTRIES)
        yield from pairwise(np.unique([0, *np.searchsorted(self.starts, wanted), len(self.cell)]).tolist())

    def _totals(self, shares: Floats) -> Floats:
        """float64[s, p]: the sum of the shares of each pattern's touches; shares: float64[s, channels]."""
        width = shares.shape[1]
        total, step = np.empty((len(shares), len(self.begin) - 1)), max(DENSE_NUMBERS // width, 1)
        for low in range(0, total.shape[1], step):
            begin = self.begin[low : low + step + 1]
            mine = slice(int(begin[0]), int(begin[-1]))
            dense = np.zeros((len(begin) - 1, width))
            dense[np.repeat(np.arange(len(dense)), np.diff(begin)), self.channel[mine]] = self.times[mine]
            total[:, low : low + step] = shares @ dense.T
        return total


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
    taken = spans(begin[first], starts_of(np.diff(begin)[first]))
    places = Places.of(np.concatenate([one.cell for one in block]).astype(np.int64))
    touches = places.times()
    filled = np.flatnonzero(touches)
    index = (np.cumsum(touches > 0) - 1)[places.index]
    entry, home = np.unique(index * len(first) + pattern[owner], return_inverse=True)
    return Patterns(
        starts_of(np.diff(begin)[first]),
        met[taken].astype(np.int16),
        times[taken].astype(np.float64),
        places.key[filled],
        touches[filled],
        starts_of(np.bincount(entry // len(first))),
        (entry % len(first)).astype(np.int32),
        dense_sums(home, conversions[owner]),
        dense_sums(home, value[owner]),
    )


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
