"""Touches, orders and the journeys between them, as arrays: what every model counts over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SmallInts = NDArray[np.signedinteger]
"""Whole numbers of whatever width they came in: the narrower, the faster."""

Figure = TypeVar("Figure", bound=np.generic)

DAY_US = 86_400_000_000


class TouchColumns(Protocol):
    """n touches sorted by (contact, ts, order of input), as matching reads them."""

    @property
    def contact(self) -> SmallInts:
        """Number of the contact."""

    @property
    def ts(self) -> Ints:
        """Microseconds UTC."""

    @property
    def channel(self) -> SmallInts:
        """Index 0..channels-1."""

    def cells(self, index: Ints) -> SmallInts:
        """For the touches at `index`: the rows of a report that their credit goes to (channel, placement and day)."""


@dataclass(frozen=True, slots=True)
class Touches:
    """TouchColumns whose cells are known beforehand: cell int64[n]."""

    contact: SmallInts
    ts: Ints
    channel: SmallInts
    cell: Ints

    def __len__(self) -> int:
        return len(self.contact)

    def cells(self, index: Ints) -> Ints:
        """As asked of TouchColumns."""
        return self.cell[index]

    def take(self, index: Ints | Flags) -> "Touches":
        """The touches at `index`, in its order."""
        return Touches(self.contact[index], self.ts[index], self.channel[index], self.cell[index])

    def sorted(self) -> "Touches":
        """By contact, then time; ties keep their order here."""
        return self.take(event_order(self.contact, self.ts))


@dataclass(frozen=True, slots=True)
class Orders:
    """n orders sorted by (contact, ts, order of input). value: float64; counted: False for one that only cuts."""

    contact: SmallInts
    ts: Ints
    value: Floats
    counted: Flags

    def __len__(self) -> int:
        return len(self.contact)

    def take(self, index: Ints | Flags) -> "Orders":
        """The orders at `index`, in its order."""
        return Orders(self.contact[index], self.ts[index], self.value[index], self.counted[index])

    def sorted(self) -> "Orders":
        """By contact, then time; ties keep their order here."""
        return self.take(event_order(self.contact, self.ts))


@dataclass(frozen=True)
class Paths:
    """All journeys, null ones too, by their channels alone: what models of whole channels count over. None is empty.

    starts: int64[j + 1], journey i owns the touches starts[i]:starts[i + 1]; channel: whole numbers[m];
    conversions, nulls: int64[j], how often it ended in an order, or in none; value: float64[j], summed over its orders;
    once: each happened exactly once, so that nothing needs a weight.
    """

    starts: Ints
    channel: SmallInts
    conversions: Ints
    nulls: Ints
    value: Floats
    once: bool = False

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def lengths(self) -> Ints:
        """int64[j]: the number of touches of each journey."""
        return np.diff(self.starts)

    def select(self, wanted: Flags) -> "Paths":
        """The journeys where `wanted` (bool[j]) holds."""
        lengths = self.lengths
        inside = np.repeat(wanted, lengths)
        starts = starts_of(lengths[wanted])
        rows = (self.conversions[wanted], self.nulls[wanted], self.value[wanted])
        return Paths(starts, self.channel[inside], *rows, once=self.once)

    @cached_property
    def converted(self) -> Ints:
        """int64[c], ascending: the journeys that an order ended."""
        return np.flatnonzero(self.conversions).astype(np.int64, copy=False)


@dataclass(frozen=True)
class Journeys:
    """The journeys that led to orders, laid end to end; none is empty.

    starts: int64[j + 1], journey i owns the touches starts[i]:starts[i + 1]; channel, cell: whole numbers[m];
    at: int64[m] and ordered_at: int64[j], microseconds UTC, all 0 where times are unknown; conversions: int64[j], how
    often the journey was made; value: float64[j], summed over its orders; weight: float64[m], above 0, what each touch
    weighs where a run says so. It is the `Journeys` that a plugin gets.
    """

    starts: Ints
    channel: SmallInts
    cell: SmallInts
    at: Ints
    ordered_at: Ints
    conversions: Ints
    value: Floats
    weight: Floats | None = None

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def once(self) -> bool:
        """Whether each was made exactly once, so that nothing needs a weight."""
        return bool((self.conversions == 1).all())

    @property
    def converted(self) -> Flags:
        """bool[j]: all of them were."""
        return np.ones(len(self), np.bool_)

    @cached_property
    def lengths(self) -> Ints:
        """int64[j]: the number of touches of each journey."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Ints:
        """int64[m]: the journey of each touch."""
        return owners(self.starts)

    @property
    def first(self) -> Ints:
        """int64[j]: the first touch of each journey."""
        return self.starts[:-1]

    @cached_property
    def last(self) -> Ints:
        """int64[j]: the last touch of each journey."""
        return self.starts[1:] - 1

    def spread(self, per_journey: NDArray[Figure]) -> NDArray[Figure]:
        """One figure a journey -> one a touch."""
        return per_journey.take(self.owner)

    def select(self, wanted: Flags) -> "Journeys":
        """The journeys where `wanted` (bool[j]) holds."""
        if wanted.all():
            return self
        lengths, inside = self.lengths, self.spread(wanted)
        return Journeys(
            starts_of(lengths[wanted]),
            self.channel[inside],
            self.cell[inside],
            self.at[inside],
            self.ordered_at[wanted],
            self.conversions[wanted],
            self.value[wanted],
            None if self.weight is None else self.weight[inside],
        )

    @property
    def nbytes(self) -> int:
        """What the arrays take."""
        arrays = (self.starts, self.channel, self.cell, self.at, self.ordered_at, self.conversions, self.value)
        return sum(array.nbytes for array in arrays)

    def without_instants(self) -> "Journeys":
        """The same, smaller, for those who do not look at times; `at` and `ordered_at` are empty."""
        cell = self.cell
        if len(cell) and int(cell.max()) <= np.iinfo(np.int32).max:
            cell = cell.astype(np.int32, copy=False)
        starts, conversions = self.starts, self.conversions
        if len(self.channel) <= np.iinfo(np.int32).max:
            starts = starts.astype(np.int32)
        if self.once:
            conversions = np.broadcast_to(conversions[:1], conversions.shape)
        none = self.at[:0].copy()  # not a view, which would keep all instants alive
        return replace(self, starts=starts, cell=cell, at=none, ordered_at=none, conversions=conversions, weight=None)

    def sums(self, per_touch: Floats) -> Floats:
        """One figure a touch -> its sum in each journey."""
        total: Floats = np.bincount(self.owner, per_touch, len(self)).astype(np.float64, copy=False)
        return total


def laid_together(parts: Sequence[Journeys]) -> Journeys:
    """The journeys of one or more parts, in a row; a copy, so that what it works out and remembers goes with it."""
    if len(parts) == 1:
        return replace(parts[0])
    starts = starts_of(np.concatenate([np.diff(one.starts) for one in parts]))
    weights = [one.weight for one in parts if one.weight is not None]
    return Journeys(
        starts,
        np.concatenate([one.channel for one in parts]),
        np.concatenate([one.cell for one in parts]),
        np.concatenate([one.at for one in parts]),
        np.concatenate([one.ordered_at for one in parts]),
        np.concatenate([one.conversions for one in parts]),
        np.concatenate([one.value for one in parts]),
        np.concatenate(weights) if weights else None,
    )


def starts_of(lengths: Ints) -> Ints:
    """int64[j + 1]: where runs of these lengths begin, laid end to end, and the end."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def owners(starts: NDArray[np.integer]) -> Ints:
    """int64[m]: the run of each place, for runs that begin at `starts`, none of them empty. Counted up: that takes half
    the time of repeating and, unlike it, leaves the interpreter to other threads."""
    owner = np.zeros(int(starts[-1]), np.int64)
    owner[starts[1:-1]] = 1
    return np.cumsum(owner, out=owner)


def spans(begin: Ints, starts: Ints) -> Ints:
    """int64[m]: the numbers begin[i], begin[i] + 1, ... of all runs, laid end to end as `starts` says."""
    step = np.ones(int(starts[-1]), np.int64)
    if not len(step):
        return step
    step[0] = begin[0]
    step[starts[1:-1]] = begin[1:] - (begin[:-1] + np.diff(starts)[:-1]) + 1
    return np.cumsum(step, out=step)


def rows_of(begin: Ints, lengths: Ints) -> Ints:
    """int64[m]: the same for runs of these lengths, of which some may be empty."""
    met = np.flatnonzero(lengths)
    return spans(begin[met], starts_of(lengths[met]))


def event_order(contact: SmallInts, ts: Ints) -> Ints:
    """int64[n]: the stable order by (contact, ts); the identity, at the cost of one compare, when already sorted."""
    step = np.diff(contact)
    if len(contact) < 2 or bool(((step > 0) | ((step == 0) & (np.diff(ts) >= 0))).all()):
        return np.arange(len(contact), dtype=np.int64)
    return np.lexsort((ts, contact)).astype(np.int64)
