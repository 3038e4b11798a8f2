"""Null journeys that only grew: what they met before, and what came after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.attribution.journeys import Flags, Ints, Paths, SmallInts, rows_of, spans, starts_of
from core.attribution.sums import Sums

Counted = tuple[Mapping[str, Sums], Mapping[str, Sums]]
"""What is counted of grown journeys now, and what was counted of them then."""


class Count(Protocol):
    """A counter's `count`."""

    def __call__(self, paths: Paths, *, channels: int, group: SmallInts | None = None) -> Mapping[str, Sums]:
        """Named sums over journeys."""


@dataclass(frozen=True)
class GrownPaths:
    """Journey i met the channels channel[low[i]:low[i] + old_lengths[i]], which may be none, and since then those of
    new_channel from new_starts[i] to new_starts[i + 1], which are some. low, old_lengths: int64[j], new_starts:
    int64[j + 1]; channel: whole numbers, of these journeys and others; met: whole numbers[j], bit masks of the channels
    that each had met, where they are known."""

    channel: SmallInts
    low: Ints
    old_lengths: Ints
    new_starts: Ints
    new_channel: SmallInts
    met: SmallInts | None = None

    def __len__(self) -> int:
        return len(self.low)

    @property
    def new_lengths(self) -> Ints:
        """int64[j]: touches that came."""
        return np.diff(self.new_starts)

    @property
    def began(self) -> Flags:
        """bool[j]: those that there were before."""
        return self.old_lengths > 0

    def before(self) -> Paths:
        """Those that there were, as they were."""
        return null_paths(starts_of(self.old_lengths[self.began]), self._old_channel())

    def after(self) -> Paths:
        """All, as they are."""
        starts = starts_of(self.old_lengths) + self.new_starts
        channel = np.empty(int(starts[-1]), self.new_channel.dtype)
        channel[rows_of(starts[:-1], self.old_lengths)] = self._old_channel()
        channel[spans(starts[:-1] + self.old_lengths, self.new_starts)] = self.new_channel
        return null_paths(starts, channel)

    def added(self) -> Paths:
        """What came, by itself."""
        return null_paths(self.new_starts, self.new_channel)

    def count_both(self, count: Count, *, channels: int, group: SmallInts | None = None) -> Counted:
        """By looking at all of their touches."""
        now = count(self.after(), channels=channels, group=group)
        was = count(self.before(), channels=channels, group=None if group is None else group[self.began])
        return now, was

    def _old_channel(self) -> SmallInts:
        """What they met before, laid end to end."""
        return self.channel.take(rows_of(self.low, self.old_lengths)).astype(self.new_channel.dtype)


def null_paths(starts: Ints, channel: SmallInts) -> Paths:
    """Journeys that led to no order."""
    none = np.zeros(len(starts) - 1, np.int64)
    return Paths(starts, channel, none, none + 1, none.astype(np.float64), once=True)
