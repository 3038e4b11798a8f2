"""Counts of which channels a journey met, in whatever order: what the Shapley value is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.attribution.ends import count_ends, count_nulls
from core.attribution.groups import with_group
from core.attribution.grown import Counted, GrownPaths
from core.attribution.journeys import Paths, SmallInts
from core.attribution.sums import Sums
from core.errors import Invalid

MASK_CHANNELS = 62
WINDOW = 8
"""Touches; a power of two. One journey in seven is longer."""
GROUPED_CHANNELS = 16


@dataclass(frozen=True, slots=True)
class Coalitions:
    """A coalition is a bit mask of channels."""

    depth: int = 1
    family: str = "coalitions"

    def count(self, paths: Paths, *, channels: int, group: SmallInts | None = None) -> Mapping[str, Sums]:
        """coalitions: conversions, nulls and summed value by coalition."""
        if channels > MASK_CHANNELS:
            raise Invalid(f"Coalitions are counted to {MASK_CHANNELS} channels, not {channels}")
        return {"coalitions": count_ends(with_group(masks_of(paths, channels), group), paths)}

    def count_grown(self, grown: GrownPaths, *, channels: int, group: SmallInts | None = None) -> Counted:
        """As Counter asks: a coalition now is the one then with what came."""
        began = grown.began
        old = masks_of(grown.before(), channels) if grown.met is None else grown.met[began]
        new = masks_of(grown.added(), channels)
        new[began] |= old
        was = with_group(old, None if group is None else group[began])
        return {"coalitions": count_nulls(with_group(new, group))}, {"coalitions": count_nulls(was)}

    def counts_groups(self, *, channels: int) -> bool:
        """Sixty-four solves over all sets of so many take half a second."""
        return channels <= GROUPED_CHANNELS


def masks_of(paths: Paths, channels: int) -> SmallInts:
    """whole numbers[j]: the channels of each journey, in numbers as narrow as they may be."""
    kind = next(kind for kind in (np.int16, np.int32, np.int64) if channels < np.iinfo(kind).bits)
    bit: SmallInts = np.left_shift(kind(1), paths.channel.astype(kind, copy=False))
    if not len(paths):
        return bit
    # Going over all touches a few times beats going from journey to journey, as long as they are narrow.
    return _united(bit, paths) if kind is np.int16 else np.bitwise_or.reduceat(bit, paths.starts[:-1])


def _united(bit: SmallInts, paths: Paths) -> SmallInts:
    """whole numbers[j]: the bits of each journey's touches together. First those of every WINDOW touches in a row that
    are of one journey, by doubling; then of as many windows as a journey has, which is one for most."""
    count, first = len(bit), paths.starts[:-1]
    within = np.zeros(count + WINDOW, bit.dtype)  # so that a window may reach over the end
    within[:count] = bit
    goes_on = np.zeros_like(within)
    goes_on[:count] = -1
    goes_on[first] = 0
    step = 1
    while step < WINDOW:
        later = within[step:] & goes_on[step:]
        within[:-step] |= later
        goes_on[step:] = goes_on[step:] & goes_on[:-step]
        step *= 2
    united = within.take(first)
    row = np.flatnonzero(paths.lengths > WINDOW)
    place, left = first.take(row) + WINDOW, paths.lengths.take(row) - WINDOW
    while len(row):
        united[row] |= within.take(place)
        longer = np.flatnonzero(left > WINDOW)
        row, place, left = row.take(longer), place.take(longer) + WINDOW, left.take(longer) - WINDOW
    return united
