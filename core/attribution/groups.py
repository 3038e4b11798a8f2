"""Random groups of contacts, by a hash of the contact: what is counted by group can be solved again without each, which
tells how far a figure depends on whom one happened to meet (jackknife.py)."""

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Ints, SmallInts
from core.attribution.sums import Sums
from core.lake.facts import mixed_of

GROUPS = 64
BY_GROUP = "by_group/"
"""Begins the names of sums whose keys are a plain key * GROUPS + group."""


def group_of(contact: NDArray[np.integer]) -> NDArray[np.uint8]:
    """uint8[n]: the low bits of the mix whose top bits are the bucket."""
    return (mixed_of(contact) & np.uint64(GROUPS - 1)).astype(np.uint8)


def with_group(key: SmallInts, group: SmallInts | None) -> SmallInts:
    """The key, or key * GROUPS + group."""
    if group is None:
        return key
    found: Ints = np.multiply(key, GROUPS, dtype=np.int64)
    found += group
    return found


def without_groups(grouped: Sums) -> Sums:
    """All groups together, by the plain key."""
    return _by_plain_key(grouped, np.arange(len(grouped)))


def of_group(grouped: Sums, group: int) -> Sums:
    """One group's sums, by the plain key."""
    return _by_plain_key(grouped, np.flatnonzero(grouped.key % GROUPS == group))


def _by_plain_key(grouped: Sums, rows: Ints) -> Sums:
    """Keys ascend, so that equal plain keys stand side by side."""
    plain = grouped.key[rows] // GROUPS
    begin = np.flatnonzero(np.diff(plain, prepend=-1))
    if not len(begin):
        return grouped.nothing()
    counts = np.add.reduceat(grouped.counts[:, rows], begin, axis=1)
    return Sums(plain[begin], counts, np.add.reduceat(grouped.amounts[:, rows], begin, axis=1))
