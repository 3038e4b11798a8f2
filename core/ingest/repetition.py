"""A key for rows that bring none: the same file sent twice gives the same keys, and equal rows in it stay apart.

The key is a keyed hash of the row's cells and how often they stood in the file before. Counting every row of a large
file in a dictionary would need gigabytes, so a first pass keeps eight bytes a row and only rows that really repeat
are counted.
"""

from array import array
from collections.abc import Callable, Iterable

import numpy as np

SEPARATOR = "\x1f"


def canonical_row(cells: Iterable[str]) -> str:
    return SEPARATOR.join(map(str.strip, cells))


def fingerprint(canonical: str) -> int:
    """64 bits of a row, the same in this process only: an accidental equality costs an entry in the counter, no row."""
    return hash(canonical) & 0xFFFF_FFFF_FFFF_FFFF


def find_repeated(fingerprints: "array[int]") -> set[int]:
    """Those that stand more than once in `fingerprints` (an array of type Q)."""
    ordered = np.sort(np.frombuffer(fingerprints, dtype=np.uint64))
    return set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


class RowKeys:
    """Gives each row its key; must see the file's rows in order, those of the past included."""

    def __init__(self, *, repeated: set[int], digest: Callable[[str], str]) -> None:
        self._repeated = repeated
        self._seen: dict[str, int] = {}
        self._digest = digest

    def key_of(self, cells: list[str]) -> str:
        return self.name(self.meet(cells))

    def meet(self, cells: list[str]) -> tuple[str, int]:
        """Count a row without making its key: what it says, and how often that was said before."""
        canonical = canonical_row(cells)
        if not self._repeated or fingerprint(canonical) not in self._repeated:
            return canonical, 0
        before = self._seen.get(canonical, 0)
        self._seen[canonical] = before + 1
        return canonical, before

    def name(self, met: tuple[str, int]) -> str:
        """The key of a row that was met."""
        return self._digest(f"{met[0]}{SEPARATOR}{met[1]}")
