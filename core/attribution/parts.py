"""What one bucket, or one file, has to count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from core.attribution.journeys import Journeys, Paths, SmallInts, spans, starts_of
from core.attribution.sums import Sums


@dataclass(frozen=True, slots=True)
class Groups:
    """Random groups of contacts that intervals are made of: of each path, and of each journey that led to an order.
    place: of the touches of these journeys, what intervals are asked for; their channels when None."""

    paths: SmallInts
    journeys: SmallInts
    place: SmallInts | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """paths: all journeys; journeys: those that led to orders; cells: works out, when asked, whole numbers[m] the cells
    of all paths' touches; besides: sums that the source adds of its own, carried along in the tally; groups: whose
    journeys they are, where intervals are wanted."""

    paths: Paths
    journeys: Journeys
    cells: Callable[[], SmallInts]
    besides: Mapping[str, Sums] = field(default_factory=dict)
    groups: Groups | None = None


def part_of(paths: Paths, *, cell: SmallInts) -> Part:
    """A part without instants. cell: whole numbers[m] of all touches."""
    chosen = paths.converted
    lengths = paths.lengths[chosen]
    starts = starts_of(lengths)
    touch = spans(paths.starts[chosen], starts)
    none = np.zeros(len(touch), np.int64)
    return Part(
        paths,
        Journeys(
            starts,
            paths.channel[touch],
            cell[touch],
            none,
            np.zeros(len(chosen), np.int64),
            paths.conversions[chosen],
            paths.value[chosen],
        ),
        cells=lambda: cell,
    )
