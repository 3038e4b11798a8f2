"""Which touches take part, and how much they weigh: the choices of a run beyond its window.

Pure functions over arrays. Nothing of this is done, and nothing is paid for, unless a run asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Flags, Floats, Ints, Journeys, Paths, SmallInts, starts_of
from core.attribution.parts import Part
from core.lake.facts import KIND_CODES, WEIGHTLESS, TouchFacts, is_alike, take

MOST_WEIGHT = 100


class DirectTouches(StrEnum):
    """What becomes of touches of the direct channel: they count as others do, they never count, or they count only
    where a journey has no others."""

    KEEP = "keep"
    DROP = "drop"
    LAST_RESORT = "last_resort"


class Visitors(StrEnum):
    """What becomes of touches of people nobody knows: they make journeys as others do, or they are left out."""

    COUNT = "count"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Trimming:
    """collapse: touches of one channel in a row are one, the last of them; direct: what becomes of the channel
    `direct_channel`; weights: by kind code, None for the usual ones (see `kind_weights`); strangers: int64, ascending,
    contacts whose touches are left out."""

    collapse: bool = False
    direct: DirectTouches = DirectTouches.KEEP
    direct_channel: int = -1
    weights: tuple[float, ...] | None = None
    strangers: Ints | None = None

    def admits(self, facts: TouchFacts) -> Flags:
        """bool[n]: the touches that may take part at all."""
        usual = self.weights is None
        inside: Flags = ~np.isin(facts.kind, WEIGHTLESS) if usual else np.array(self.weights)[facts.kind] > 0
        if self.direct is DirectTouches.DROP:
            inside &= facts.channel != self.direct_channel
        if self.strangers is not None:
            inside &= ~np.isin(facts.contact, self.strangers)
        return inside

    def admits_all(self, facts: TouchFacts) -> bool:
        """Whether that is plain without looking at each: all are of one kind, which weighs, and nobody is left out."""
        kind = facts.kind[:1] if is_alike(facts.kind) else facts.kind
        if self.direct is DirectTouches.DROP or self.strangers is not None:
            return False
        return not len(kind) or bool(kind.min() == kind.max() and self.admits(take(facts, slice(1))).all())

    def trim(self, part: Part, *, kind: NDArray[np.integer] | None = None) -> Part:
        """The part with the touches that take part in each journey. Every journey keeps one at least.

        Args:
            kind: of the touches of its journeys, where weights are given.
        """
        journeys = part.journeys
        if self.weights is not None and kind is not None:
            journeys = replace(journeys, weight=np.array(self.weights)[kind])
        if not self.collapse and self.direct is not DirectTouches.LAST_RESORT:
            return replace(part, journeys=journeys)
        chosen, taken = self.kept(part.paths.starts, part.paths.channel), self.kept(journeys.starts, journeys.channel)
        return replace(
            part,
            paths=_shorter_paths(part.paths, chosen),
            journeys=_shorter_journeys(journeys, taken),
            cells=lambda: part.cells()[chosen],
        )

    def kept(self, starts: Ints, channel: SmallInts) -> Flags:
        """bool[m]: the touches of journeys that stay. Direct ones go first, so that what they parted can collapse."""
        keep = np.ones(len(channel), np.bool_)
        if not len(channel):
            return keep
        owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        if self.direct is DirectTouches.LAST_RESORT:
            other = channel != self.direct_channel
            keep = other | ~np.logical_or.reduceat(other, starts[:-1])[owner]
        if self.collapse:
            place = np.flatnonzero(keep)
            met, whose = channel[place], owner[place]
            again = (met[1:] == met[:-1]) & (whose[1:] == whose[:-1])
            keep[place[:-1][again]] = False
        return keep


def kind_weights(given: Mapping[str, float]) -> tuple[float, ...] | None:
    """By kind code: what is given, else 1, and 0 for kinds that go out; None when nothing is given."""
    if not given:
        return None
    usual = {name: 0.0 if code in WEIGHTLESS else 1.0 for name, code in KIND_CODES.items()}
    by_code = {KIND_CODES[name]: weight for name, weight in {**usual, **given}.items()}
    return tuple(by_code[code] for code in range(len(by_code)))


def _lengths(starts: Ints, keep: Flags) -> Ints:
    return np.add.reduceat(keep, starts[:-1], dtype=np.int64) if len(starts) > 1 else np.empty(0, np.int64)


def _shorter_paths(paths: Paths, keep: Flags) -> Paths:
    return replace(paths, starts=starts_of(_lengths(paths.starts, keep)), channel=paths.channel[keep])


def _shorter_journeys(journeys: Journeys, keep: Flags) -> Journeys:
    weight: Floats | None = None if journeys.weight is None else journeys.weight[keep]
    return replace(
        journeys,
        starts=starts_of(_lengths(journeys.starts, keep)),
        channel=journeys.channel[keep],
        cell=journeys.cell[keep],
        at=journeys.at[keep],
        weight=weight,
    )
