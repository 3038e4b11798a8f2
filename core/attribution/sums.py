"""Sparse sums by an integer key: what a bucket hands over, and what adds up over buckets in a fixed order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Floats, Ints

DENSE_LIMIT = 1 << 22
"""Keys below this are counted in one array (32 MB at most), others after a sort."""


@dataclass(frozen=True, slots=True)
class Sums:
    """key: int64[k], ascending, unique; total: int64[k] for counts or float64[k] for values; no zero is kept."""

    key: Ints
    total: Ints | Floats

    def at(self, wanted: Ints) -> Floats:
        """The totals of `wanted` keys, 0 where there is none."""
        if not len(self.key):
            return np.zeros(len(wanted))
        place = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[place] == wanted, self.total[place].astype(np.float64), 0.0)


def count_keys(key: Ints, times: Ints) -> Sums:
    """Sums of whole numbers by key; exact up to 2 ** 53."""
    found, total = _grouped(key, times.astype(np.float64))
    return Sums(found, np.rint(total).astype(np.int64))


def sum_keys(key: Ints, amount: Floats) -> Sums:
    """Sums of amounts by key."""
    return Sums(*_grouped(key, amount))


def add_sums(parts: Sequence[Sums]) -> Sums:
    """All parts as one, added in the order given."""
    if len(parts) == 1:
        return parts[0]
    found, inverse = np.unique(np.concatenate([part.key for part in parts]), return_inverse=True)
    whole = parts[0].total.dtype.kind == "i"
    total: Ints | Floats = np.zeros(len(found), np.int64) if whole else np.zeros(len(found))
    np.add.at(total, inverse, np.concatenate([part.total for part in parts]))
    return Sums(found, total)


def dense_sums(key: NDArray[np.integer], amount: NDArray[np.number], *, size: int = 0) -> Floats:
    """float64[max(size, largest key + 1)]: the sum of `amount` at each key."""
    total: Floats = np.bincount(key, weights=amount, minlength=size).astype(np.float64, copy=False)
    return total


def _grouped(key: Ints, amount: Floats) -> tuple[Ints, Floats]:
    if not len(key):
        return np.empty(0, np.int64), np.empty(0)
    if int(key.max()) < DENSE_LIMIT:
        dense = dense_sums(key, amount)
        found = np.flatnonzero(dense).astype(np.int64)
        return found, dense[found]
    found, inverse = np.unique(key, return_inverse=True)
    total = dense_sums(inverse, amount)
    kept = total != 0
    return found[kept], total[kept]
