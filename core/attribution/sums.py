"""Sparse sums by an integer key: what a bucket hands over, what adds up over buckets and can be taken out again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Floats, Ints

SMALL_LIMIT = 1 << 16
"""Keys below this stand for themselves."""
DENSE_LIMIT = 1 << 22
"""Keys below this are numbered by one array (32 MB at most), others by a sort."""

CLOSE = 4
"""Keys of several sums lie close together when there are at most so many places for each."""
TOGETHER = 8
"""So many parts are added up at once: more would gain little, and wait in memory for each other."""

Row = TypeVar("Row", np.int64, np.float64)
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Sums:
    """key: int64[k], ascending, unique; counts: int64[c, k], whole numbers and so exact; amounts: float64[a, k].

    A key is kept as long as one of its counts is not 0, so that sums taken out again leave no trace but the last digits
    of amounts that others still share."""

    key: Ints
    counts: Ints
    amounts: Floats

    def __len__(self) -> int:
        return len(self.key)

    def __add__(self, other: "Sums") -> "Sums":
        return _combined(self, other, 1)

    def __sub__(self, other: "Sums") -> "Sums":
        return _combined(self, other, -1)

    def nothing(self) -> "Sums":
        """As many rows, no keys."""
        return Sums(self.key[:0], self.counts[:, :0], self.amounts[:, :0])

    def kept(self) -> "Sums":
        """Without keys whose counts are all 0."""
        alive = np.flatnonzero(self.counts.any(axis=0))
        if len(alive) == len(self):
            return self
        return Sums(self.key[alive], self.counts.take(alive, axis=1), self.amounts.take(alive, axis=1))

    def count(self, row: int, wanted: Ints) -> Floats:
        """The counts of `wanted` keys, 0 where there is none."""
        return _at(self.key, self.counts[row], wanted)

    def amount(self, row: int, wanted: Ints) -> Floats:
        """The amounts of `wanted` keys, 0 where there is none."""
        return _at(self.key, self.amounts[row], wanted)


@dataclass(frozen=True, slots=True)
class Places:
    """Keys of n rows as small numbers: index whole numbers[n] into key, int64[k] ascending. Worked out once for all
    that is added up by them; a key may have no row."""

    key: Ints
    index: NDArray[np.integer]

    @classmethod
    def of(cls, key: NDArray[np.integer]) -> "Places":
        """The places of `key`, whole numbers[n], none below 0."""
        size = int(key.max()) + 1 if len(key) else 0
        if size <= SMALL_LIMIT:
            return cls(np.arange(size, dtype=np.int64), key)
        if size <= DENSE_LIMIT:
            seen = np.bincount(key) > 0
            return cls(np.flatnonzero(seen).astype(np.int64, copy=False), (np.cumsum(seen, dtype=np.int32) - 1)[key])
        found, inverse = np.unique(key, return_inverse=True)
        return cls(found.astype(np.int64), inverse)

    def times(self) -> Ints:
        """int64[k]: how many rows each key has."""
        return np.bincount(self.index, minlength=len(self.key)).astype(np.int64, copy=False)

    def count(self, times: Ints) -> Ints:
        """int64[k]: whole numbers added up; exact up to 2 ** 53."""
        return _whole_sums(self.index, times, len(self.key))

    def amount(self, amount: Floats) -> Floats:
        """float64[k]: amounts added up."""
        return dense_sums(self.index, amount, size=len(self.key))

    def sums(self, counts: list[Ints], amounts: list[Floats]) -> Sums:
        """The rows, int64[k] and float64[k], that have been added up."""
        met = reduce(np.logical_or, counts[1:], counts[0] != 0) if counts else np.zeros(len(self.key), np.bool_)
        alive = np.flatnonzero(met)
        size = len(alive)
        return Sums(
            self.key.take(alive),
            np.stack([row.take(alive) for row in counts]) if counts else np.empty((0, size), np.int64),
            np.stack([row.take(alive) for row in amounts]) if amounts else np.empty((0, size)),
        )


def add_all(parts: Iterable[Sums]) -> Sums:
    """One or more sums as one, added in the order given."""
    total: list[Sums] = []
    for few in in_batches(parts):
        total = [add_few([*total, *few])]
    return total[0]


def in_batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """All of them, TOGETHER at a time."""
    rest = iter(parts)
    while few := list(islice(rest, TOGETHER)):
        yield few


def add_few(parts: Sequence[Sums]) -> Sums:
    """The same of few enough to stand side by side. Where their keys lie close together nothing is looked up, and each
    row is gone over once for all parts: a fifth of the time of adding them one by one, and the same to the last bit."""
    size = max(int(one.key[-1]) + 1 if len(one) else 0 for one in parts)
    lowest = min(int(one.key[0]) if len(one) else 0 for one in parts)
    most = max(SMALL_LIMIT, min(DENSE_LIMIT, CLOSE * sum(map(len, parts))))
    if len(parts) == 1 or lowest < 0 or size > most:
        return reduce(Sums.__add__, parts)
    places = Places.of(np.concatenate([one.key for one in parts]))
    counts = np.concatenate([one.counts for one in parts], axis=1)
    amounts = np.concatenate([one.amounts for one in parts], axis=1)
    return places.sums([places.count(row) for row in counts], [places.amount(row) for row in amounts])


def dense_sums(key: NDArray[np.integer], amount: NDArray[np.number], *, size: int = 0) -> Floats:
    """float64[max(size, largest key + 1)]: the sum of `amount` at each key."""
    total: Floats = np.bincount(key, weights=amount, minlength=size).astype(np.float64, copy=False)
    return total


def sums_along(key: NDArray[np.integer], amount: NDArray[np.number], *, size: int) -> NDArray[np.float64]:
    """float64[..., size]: the same of each row of `amount`, [..., n]; all keys are below `size`."""
    begin = np.arange(0, prod(amount.shape[:-1]) * size, size) if size else np.zeros(0, np.int64)
    place = (begin[:, None] + key).ravel()
    return dense_sums(place, amount.ravel(), size=len(begin) * size).reshape(*amount.shape[:-1], size)


def _whole_sums(key: NDArray[np.integer], times: Ints, size: int) -> Ints:
    return np.rint(dense_sums(key, times, size=size)).astype(np.int64)


def _at(key: Ints, row: Ints | Floats, wanted: Ints) -> Floats:
    if not len(key):
        return np.zeros(len(wanted))
    if np.array_equal(key, wanted):
        return row.astype(np.float64)
    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where(key[place] == wanted, row[place].astype(np.float64), 0.0)


def _combined(left: Sums, right: Sums, sign: int) -> Sums:
    """Only the right one's keys are looked up when they are all in the left one: the usual case after a few buckets."""
    place = np.minimum(np.searchsorted(left.key, right.key), max(len(left) - 1, 0))
    if len(left) and bool((left.key[place] == right.key).all()):
        key, counts, amounts = left.key, left.counts, left.amounts
    else:
        key = _union(left.key, right.key)
        place = np.searchsorted(key, left.key)
        counts, amounts = _widened(left.counts, place, len(key)), _widened(left.amounts, place, len(key))
        place = np.searchsorted(key, right.key)
    # Spread out and added whole: half the time of adding at places.
    counts = counts + sign * _widened(right.counts, place, len(key))
    return Sums(key, counts, amounts + sign * _widened(right.amounts, place, len(key))).kept()


def _union(left: Ints, right: Ints) -> Ints:
    """Both keys' keys; a stable sort of two runs that are sorted only merges them."""
    key = np.concatenate([left, right])
    key.sort(kind="stable")
    is_last = np.append(key[1:] != key[:-1], np.ones(min(len(key), 1), np.bool_))
    return key.compress(is_last)


def _widened(rows: NDArray[Row], place: Ints, size: int) -> NDArray[Row]:
    wide = np.zeros((len(rows), size), rows.dtype)
    wide[:, place] = rows
    return wide
