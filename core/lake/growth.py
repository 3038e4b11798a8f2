"""When a lake gets more buckets, and when its deltas are put together. Pure rules over a snapshot."""

from dataclasses import dataclass

from core.lake.manifest import Part, Snapshot

WHOLE = 500_000
"""Up to so many touches one bucket is best."""
FULL = 1_000_000
"""A bucket of more touches than this is split; 0.5 to 1 million are the flat optimum of a pass."""
MAX_BITS = 12
DELTAS = 8
"""More generations than this on top of the oldest one, and some are put together."""
WEIGHT = 8
"""Deltas of less than an eighth of the base are put together beside it; heavier ones are worked into it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one generation added."""

    born: int
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Rows of all its files."""
        return sum(part.rows for part in self.parts)


def wanted_bits(touches: int, bits: int = 0) -> int:
    """How many bits of the hash choose the bucket; never fewer than before."""
    if touches <= WHOLE and not bits:
        return 0
    bits = max(1, bits)
    while touches > FULL << bits and bits < MAX_BITS:
        bits += 1
    return bits


def layers_of(snapshot: Snapshot) -> list[Layer]:
    """The generations whose files are still read, oldest first: the base, then deltas."""
    born = sorted({part.born for part in snapshot.parts})
    return [Layer(one, tuple(part for part in snapshot.parts if part.born == one)) for one in born]


def is_heavy(layers: list[Layer]) -> bool:
    """Whether the deltas are many and weigh enough to write everything anew."""
    base, deltas = layers[:1], layers[1:]
    return len(deltas) > DELTAS and sum(d.rows for d in deltas) * WEIGHT >= sum(b.rows for b in base)


def newest_pile(layers: list[Layer]) -> list[Layer]:
    """The deltas to put together: the newest, as long as the next older one is at most twice all taken so far.

    What stays grows at least threefold from one to the next, so there are few of them, and a row is written again only
    as often as its delta's size triples.
    """
    deltas = layers[1:]
    if len(deltas) <= DELTAS:
        return []
    pile = deltas[-2:]
    for older in reversed(deltas[:-2]):
        if older.rows > 2 * sum(layer.rows for layer in pile):
            break
        pile.insert(0, older)
    return pile
