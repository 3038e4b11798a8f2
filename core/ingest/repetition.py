"""A key for rows that bring none: the same file sent twice gives the same keys, and equal rows in it stay apart.

The key is a keyed hash of the row's cells and how often they stood in the file before. Counting every row of a large
file in a dictionary would need gigabytes, so a first pass keeps eight bytes a row and only rows that really repeat
are counted.
"""

from array import array
from collections.abc import Callable, Iterable
from hashlib import blake2b

import numpy as np

SEPARATOR = "\x1f"


def canonical_row(cells: Iterable[str]) -> str:
    return SEPARATOR.join(cell.strip() for cell in cells)


def fingerprint(canonical: str) -> int:
    """64 bits of a row, for counting only: an accidental equality costs an entry in the counter, never a row."""
    return int.from_bytes(blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


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
        canonical = canonical_row(cells)
        return self._digest(f"{canonical}{SEPARATOR}{self._count(canonical)}")

    def pass_over(self, cells: list[str]) -> None:
        """Count a row without making its key."""
        self._count(canonical_row(cells))

    def _count(self, canonical: str) -> int:
        if fingerprint(canonical) not in self._repeated:
            return 0
        before = self._seen.get(canonical, 0)
        self._seen[canonical] = before + 1
        return before
