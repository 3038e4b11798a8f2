"""A lake from all its rows, in any order: spilled to disk by hash, then sorted and written bucket by bucket.

Memory holds one chunk and two buckets, however many rows there are.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import BinaryIO, Generic

import numpy as np
from numpy.typing import NDArray

from core.lake.facts import ORDER_TYPES, TOUCH_TYPES, Facts, OrderFacts, TouchFacts, bucket_of, in_order, join, split_by
from core.lake.faults import passing
from core.lake.growth import MAX_BITS, wanted_bits
from core.lake.memory import kept_memory
from core.lake.parts import PartFile, lake_folder, write_facts

CHUNK_ROWS = 500_000
THREADS = 2
"""One sorts while the other writes; a third would only add to the memory."""


@dataclass(frozen=True, slots=True)
class Built:
    """Files in no manifest yet, and how many bits choose their bucket."""

    files: list[PartFile]
    bits: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows of a spill file, ordered by the first MAX_BITS of the hash. starts: int64, where each hash begins; place:
    where each column begins in the file; alike: the one value of a column that has no more."""

    starts: NDArray[np.int64]
    place: dict[str, int]
    alike: dict[str, int]


class Spill(Generic[Facts]):
    """Rows of one kind in an unnamed file, chunk after chunk, each column by itself."""

    def __init__(self, file: BinaryIO, facts: type[Facts], pool: ThreadPoolExecutor) -> None:
        self.file = file
        self.facts: type[Facts] = facts
        self.pool = pool
        self.rows = 0
        self.types = TOUCH_TYPES if facts is TouchFacts else ORDER_TYPES
        self.waiting: list[Facts] = []
        self.end = 0
        self.chunks: list[Future[_Chunk]] = []

    def add(self, facts: Facts) -> None:
        """Take rows in."""
        self.waiting.append(facts)
        self.rows += len(facts.contact)
        if sum(len(part.contact) for part in self.waiting) >= CHUNK_ROWS:
            self.spill()

    def spill(self) -> None:
        """Have what waits written, while the caller fetches more."""
        rows = join(self.waiting) if self.waiting else None
        self.waiting = []
        if rows is None or not len(rows.contact):
            return
        self.chunks.append(self.pool.submit(self._write_chunk, rows, self.end))
        self.end += len(rows.contact) * sum(np.dtype(one).itemsize for one in self.types.values())
        if len(self.chunks) > THREADS:
            self.chunks[-THREADS - 1].result()  # no more chunks in memory than are being written

    def _write_chunk(self, rows: Facts, begin: int) -> _Chunk:
        order, starts = split_by(bucket_of(rows.contact, bits=MAX_BITS), 1 << MAX_BITS)
        place, alike = {}, {}
        for name in self.types:
            column = getattr(rows, name)
            if column[0] == column[-1] and column.min() == column.max():
                alike[name] = int(column[0])
                continue
            place[name] = begin
            begin += _write_at(self.file, begin, column.take(order))
        return _Chunk(starts, place, alike)

    def of_bucket(self, bucket: int, bits: int) -> Facts:
        """A bucket's rows, not in order."""
        first, last = bucket << (MAX_BITS - bits), (bucket + 1) << (MAX_BITS - bits)
        chunks: list[_Chunk] = [future.result() for future in self.chunks]
        sizes: list[int] = [int(one.starts[last] - one.starts[first]) for one in chunks]
        ends = [0, *accumulate(sizes)]
        columns = {name: np.empty(ends[-1], kind) for name, kind in self.types.items()}
        for chunk, low, high in zip(chunks, ends[:-1], ends[1:], strict=True):
            for name, column in columns.items():
                if name in chunk.alike:
                    column[low:high] = chunk.alike[name]
                else:
                    skipped = int(chunk.starts[first]) * column.itemsize
                    os.preadv(self.file.fileno(), [column[low:high].data], chunk.place[name] + skipped)
        rows: Facts = self.facts(**columns)
        return rows


def _write_at(file: BinaryIO, place: int, column: NDArray[np.integer]) -> int:
    if os.pwrite(file.fileno(), column.data, place) != column.nbytes:
        raise OSError(errno.ENOSPC, "The disk is full while the lake is built.")
    return column.nbytes


@dataclass(frozen=True, slots=True)
class Building:
    """A lake in the making."""

    tenant_id: int
    touches: Spill[TouchFacts]
    orders: Spill[OrderFacts]
    pool: ThreadPoolExecutor

    def write(self) -> Built:
        """Sorted files of all rows that were added; `make_durable` comes when the spill is closed."""
        self.touches.spill()
        self.orders.spill()
        passing("rebuild.spilled")
        bits = wanted_bits(self.touches.rows)
        found = self.pool.map(lambda bucket: list(self._write_bucket(bucket, bits)), range(1 << bits))
        return Built([file for files in found for file in files], bits)

    def _write_bucket(self, bucket: int, bits: int) -> Iterator[PartFile]:
        yield from _write_some(self.tenant_id, bucket, self.touches.of_bucket(bucket, bits))
        yield from _write_some(self.tenant_id, bucket, self.orders.of_bucket(bucket, bits))


def _write_some(tenant_id: int, bucket: int, rows: Facts) -> Iterator[PartFile]:
    if len(rows.contact):
        yield write_facts(tenant_id, bucket, in_order(rows))


@contextmanager
def building(tenant_id: int) -> Iterator[Building]:
    """Spill files of a build; they have no names, so nothing is left of them however it ends."""
    folder = lake_folder(tenant_id)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        kept_memory(),
        tempfile.TemporaryFile(dir=folder) as touches,
        tempfile.TemporaryFile(dir=folder) as orders,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        yield Building(tenant_id, Spill(touches, TouchFacts, pool), Spill(orders, OrderFacts, pool), pool)
