"""Counts of channels in a row: all that Markov chains of every order up to a depth are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.attribution.ends import count_ends, count_nulls
from core.attribution.groups import with_group
from core.attribution.grown import Counted, GrownPaths
from core.attribution.journeys import Ints, Paths, SmallInts
from core.attribution.sums import Places, Sums
from core.errors import Invalid

MAX_ORDER = 4
GROUPED_GRAMS = 4_096
"""A chain of more grams than this is not solved again without each group."""


@dataclass(frozen=True, slots=True)
class Grams:
    """A gram of n channels is one number in base channels + 1, the latest channel lowest, each digit channel + 1; where
    a journey has not so many touches yet the leading digits are 0."""

    depth: int
    family: str = "grams"

    def count(self, paths: Paths, *, channels: int, group: SmallInts | None = None) -> Mapping[str, Sums]:
        """grams: how often each gram of depth + 1 was met, one for each touch; ends: conversions, nulls and summed
        value by the last `depth` channels of a journey. One pass serves all orders up to the depth."""
        base = channels + 1
        if base ** (self.depth + 1) >= 1 << 63:
            most = int(2 ** (63 / (self.depth + 1))) - 1
            raise Invalid(f"Markov chains of order {self.depth} count to {most} channels, not {channels}")
        shorter, gram = _grams(paths, base, self.depth)
        end = with_group(shorter.take(paths.starts[1:] - 1), group)
        if group is not None:
            gram = with_group(gram, np.repeat(group, paths.lengths))
        return {"grams": _count_grams(gram, paths), "ends": count_ends(end, paths)}

    def count_grown(self, grown: GrownPaths, *, channels: int, group: SmallInts | None = None) -> Counted:
        """As Counter asks: no gram of a new touch reaches further back than the depth, and no end does. Grams of
        old touches are the same on both sides, and are counted on neither."""
        base, began = channels + 1, grown.began
        digit, place = _new_digits(grown, base, self.depth)
        first, last = grown.new_starts[:-1], grown.new_starts[1:] - 1
        gram = sum(digit[place - back] * base**back for back in range(self.depth + 1))
        now = gram[last] % base**self.depth
        was = (gram[first] // base)[began]
        if group is not None:
            gram = with_group(gram, np.repeat(group, grown.new_lengths))
            now, was = with_group(now, group), with_group(was, group[began])
        grams = _count_grams(gram, grown.added())
        return {"grams": grams, "ends": count_nulls(now)}, {"grams": grams.nothing(), "ends": count_nulls(was)}

    def counts_groups(self, *, channels: int) -> bool:
        """As Counter asks."""
        return bool((channels + 1) ** (self.depth + 1) <= GROUPED_GRAMS)


def _grams(paths: Paths, base: int, depth: int) -> tuple[SmallInts, SmallInts]:
    """whole numbers[m], twice: the last depth, and depth + 1, channels up to each touch, within its journey."""
    digit = paths.channel + _width_of(base ** (depth + 1)).type(1)
    shift = np.full_like(digit, base)
    shift[paths.starts[:-1]] = 0
    shorter = gram = digit
    for _ in range(depth):
        longer = np.zeros_like(gram)
        np.multiply(gram[:-1], shift[1:], out=longer[1:])
        longer += digit
        shorter, gram = gram, longer
    return shorter, gram


def _new_digits(grown: GrownPaths, base: int, depth: int) -> tuple[SmallInts, Ints]:
    """Whole numbers[j * depth + m]: of each journey the digits of the last `depth` touches before, 0 where there were
    not so many, and those of what came; int64[m]: the places of the latter."""
    count = np.arange(1, len(grown) + 1) * depth
    place = np.arange(len(grown.new_channel)) + np.repeat(count, grown.new_lengths)
    digit = np.zeros(len(place) + len(grown) * depth, _width_of(base ** (depth + 1)))
    digit[place] = grown.new_channel + 1
    for back in range(1, depth + 1):
        met = np.flatnonzero(grown.old_lengths >= back)
        old = grown.channel.take((grown.low + grown.old_lengths)[met] - back)
        digit[(grown.new_starts[:-1] + count)[met] - back] = old + 1
    return digit, place


def _width_of(size: int) -> "np.dtype[np.signedinteger]":
    """The narrowest numbers that hold 0..size - 1."""
    return np.dtype(next(kind for kind in (np.int16, np.int32, np.int64) if size <= np.iinfo(kind).max))


def _count_grams(gram: SmallInts, paths: Paths) -> Sums:
    places = Places.of(gram)
    if paths.once:
        return places.sums([places.times()], [])
    times = np.repeat(paths.conversions + paths.nulls, paths.lengths)
    return places.sums([places.count(times)], [])
