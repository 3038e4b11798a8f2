"""Random groups of contacts, by a hash of the contact: what is counted by group can be solved again without each, which
tells how far a figure depends on whom one happened to meet (jackknife.py)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Ints, SmallInts
from core.attribution.sums import Row, Sums
from core.lake.facts import mixed_of

GROUPS = 64
BY_GROUP = "by_group/"
"""Begins the names of sums whose keys are a plain key * GROUPS + group."""


def group_of(contact: NDArray[np.integer]) -> NDArray[np.int8]:
    """int8[n]: the low bits of the mix whose top bits are the bucket."""
    return (mixed_of(contact) & np.uint64(GROUPS - 1)).astype(np.int8)


def with_group(key: SmallInts, group: SmallInts | None) -> SmallInts:
    """The key, or key * GROUPS + group."""
    if group is None:
        return key
    found: Ints = np.multiply(key, GROUPS, dtype=np.int64)
    found += group
    return found


@dataclass(frozen=True, slots=True)
class LeftSums:
    """Sums as they are without each group, and last all of them: r = GROUPS + 1 times. key: int64[k], ascending;
    counts: int64[r, c, k], all 0 where a group had all there was; amounts: float64[r, a, k]."""

    key: Ints
    counts: NDArray[np.int64]
    amounts: NDArray[np.float64]

    def row(self, number: int) -> Sums:
        """One of them, by itself."""
        return Sums(self.key, self.counts[number], self.amounts[number]).kept()


def leave_out(grouped: Sums) -> LeftSums:
    """What is left of sums without each group."""
    plain, group = np.divmod(grouped.key, GROUPS)
    is_first = np.append(np.ones(min(len(plain), 1), np.bool_), plain[1:] != plain[:-1])  # they ascend
    key, place = plain[is_first], np.cumsum(is_first) - 1
    counts, amounts = _less_each(grouped.counts, group, place), _less_each(grouped.amounts, group, place)
    return LeftSums(key, counts, amounts)


def _less_each(rows: NDArray[Row], group: Ints, place: Ints) -> NDArray[Row]:
    left = np.zeros((GROUPS + 1, len(rows), int(place[-1]) + 1 if len(place) else 0), rows.dtype)
    left[group, :, place] = rows.T
    np.subtract(left.sum(axis=0), left, out=left)
    return left
