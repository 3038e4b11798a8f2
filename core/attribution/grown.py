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


@dataclass(frozen=True, slots=True)
class GrownPaths:
    """Journey i met the channels old_channel[old_starts[i]:old_starts[i + 1]], which may be none, and since then those
    of new_channel, which are some. int64[j + 1] and whole numbers[m] each."""

    old_starts: Ints
    old_channel: SmallInts
    new_starts: Ints
    new_channel: SmallInts

    def __len__(self) -> int:
        return len(self.old_starts) - 1

    @property
    def old_lengths(self) -> Ints:
        """int64[j]: touches met before."""
        return np.diff(self.old_starts)

    @property
    def began(self) -> Flags:
        """bool[j]: those that there were before."""
        return self.old_lengths > 0

    def latest(self, count: int) -> "GrownPaths":
        """As if so many touches, the latest, were all that was met before."""
        lengths = np.minimum(self.old_lengths, count)
        channel = self.old_channel.take(rows_of(self.old_starts[1:] - lengths, lengths))
        return GrownPaths(starts_of(lengths), channel, self.new_starts, self.new_channel)

    def before(self) -> Paths:
        """Those that there were, as they were."""
        return null_paths(starts_of(self.old_lengths[self.began]), self.old_channel)

    def after(self) -> Paths:
        """All, as they are."""
        starts = self.old_starts + self.new_starts
        channel = np.empty(int(starts[-1]), self.old_channel.dtype)
        channel[rows_of(starts[:-1], self.old_lengths)] = self.old_channel
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


def null_paths(starts: Ints, channel: SmallInts) -> Paths:
    """Journeys that led to no order."""
    none = np.zeros(len(starts) - 1, np.int64)
    return Paths(starts, channel, none, none + 1, none.astype(np.float64), once=True)
