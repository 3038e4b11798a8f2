"""Touches, orders and the journeys between them, as arrays: what every model counts over."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SmallInts = NDArray[np.int32]

Figure = TypeVar("Figure", bound=np.generic)

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Touches:
    """n touches sorted by (contact, ts, order of input).

    contact: int64 number of the contact; ts: int64 microseconds UTC; channel: int32 index 0..channels-1;
    cell: int64 number of the row of a report that the touch's credit goes to (its channel, placement and day).
    """

    contact: Ints
    ts: Ints
    channel: SmallInts
    cell: Ints

    def __len__(self) -> int:
        return len(self.contact)

    def take(self, index: Ints | Flags) -> "Touches":
        """The touches at `index`, in its order."""
        return Touches(self.contact[index], self.ts[index], self.channel[index], self.cell[index])

    def sorted(self) -> "Touches":
        """By contact, then time; ties keep their order here."""
        return self.take(event_order(self.contact, self.ts))


@dataclass(frozen=True, slots=True)
class Orders:
    """n orders sorted by (contact, ts, order of input). value: float64; counted: False for one that only cuts."""

    contact: Ints
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


@dataclass(frozen=True, slots=True)
class Journeys:
    """Journeys laid end to end; none is empty.

    starts: int64[j + 1], journey i owns the touches starts[i]:starts[i + 1]; channel: int32[m]; cell: int64[m];
    at: int64[m] and ordered_at: int64[j], microseconds UTC, all 0 where times are unknown; conversions, nulls: int64[j]
    how often the journey ended in an order, or in none; value: float64[j], summed over its orders.
    It is the `Journeys` that a plugin's model gets.
    """

    starts: Ints
    channel: SmallInts
    cell: Ints
    at: Ints
    ordered_at: Ints
    conversions: Ints
    nulls: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.conversions)

    @property
    def converted(self) -> Flags:
        """bool[j]: whether an order ended the journey."""
        return self.conversions > 0

    @property
    def lengths(self) -> Ints:
        """int64[j]: the number of touches of each journey."""
        return np.diff(self.starts)

    def spread(self, per_journey: NDArray[Figure]) -> NDArray[Figure]:
        """One figure a journey -> one a touch."""
        return np.repeat(per_journey, self.lengths)

    def positions(self) -> Ints:
        """int64[m]: 0 for the first touch of a journey, 1 for the second, ..."""
        return np.arange(len(self.channel), dtype=np.int64) - np.repeat(self.starts[:-1], self.lengths)

    def select(self, wanted: Flags) -> "Journeys":
        """The journeys where `wanted` (bool[j]) holds."""
        if wanted.all():
            return self
        lengths = self.lengths
        inside = np.repeat(wanted, lengths)
        starts = np.concatenate([[0], np.cumsum(lengths[wanted])]).astype(np.int64)
        return Journeys(
            starts,
            self.channel[inside],
            self.cell[inside],
            self.at[inside],
            self.ordered_at[wanted],
            self.conversions[wanted],
            self.nulls[wanted],
            self.value[wanted],
        )


def event_order(contact: Ints, ts: Ints) -> Ints:
    """int64[n]: the stable order by (contact, ts); the identity, at the cost of one compare, when already sorted."""
    step = np.diff(contact)
    if len(contact) < 2 or bool(((step > 0) | ((step == 0) & (np.diff(ts) >= 0))).all()):
        return np.arange(len(contact), dtype=np.int64)
    return np.lexsort((ts, contact)).astype(np.int64)
