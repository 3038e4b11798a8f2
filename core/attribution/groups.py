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


def without_groups(grouped: Sums) -> Sums:
    """All groups together, by the plain key."""
    return _by_plain_key(grouped, np.arange(len(grouped)))


def split_groups(grouped: Sums) -> list[Sums]:
    """Each group's sums, by the plain key."""
    group = grouped.key % GROUPS
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=GROUPS))[:-1]
    return [_by_plain_key(grouped, rows) for rows in np.split(order, ends)]


def _by_plain_key(grouped: Sums, rows: Ints) -> Sums:
    """Keys ascend, so that equal plain keys stand side by side."""
    plain = grouped.key[rows] // GROUPS
    begin = np.flatnonzero(np.append(np.ones(min(len(plain), 1), np.bool_), plain[1:] != plain[:-1]))
    if len(begin) == len(rows):
        return Sums(plain, grouped.counts.take(rows, axis=1), grouped.amounts.take(rows, axis=1))
    counts = np.add.reduceat(grouped.counts[:, rows], begin, axis=1)
    return Sums(plain[begin], counts, np.add.reduceat(grouped.amounts[:, rows], begin, axis=1))
