"""Writing anew: everything, when deltas weigh or buckets are full; else only the newest deltas as one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session

from core.db import reading, writing
from core.lake.facts import join
from core.lake.faults import passing
from core.lake.growth import is_heavy, layers_of, newest_pile, wanted_bits
from core.lake.manifest import Part, Snapshot, publish, take_snapshot
from core.lake.parts import SHARED, PartFile, make_durable, read_drops, write_delta, write_drops, write_split
from core.lake.reading import read_bucket, read_buckets

Door = Callable[[], AbstractContextManager[Session]]
THREADS = 2
FOLDED_AT_ONCE = 1_000_000
"""Deltas of fewer rows are put together in memory."""


def compact_lake(tenant_id: int, *, door: Door | None = None, everything: bool = False) -> int:
    """Put files together where they are many, and split buckets that are full; the generation afterwards.

    Args:
        door: opens the writing transaction of the publication; `writing` by default.
        everything: write all buckets anew, so that rows which no longer count are in no live file.
    """
    open_door = door or (lambda: writing(tenant_id))
    with reading(tenant_id) as session:
        base = take_snapshot(session)
    bits = wanted_bits(base.rows("touches"), base.bits)
    layers = layers_of(base)
    if base.parts and (everything or bits != base.bits or is_heavy(layers)):
        return _rewrite(base, bits, open_door).generation
    pile = newest_pile(layers)
    if pile:
        return _fold(base, [part for layer in pile for part in layer.parts], open_door).generation
    return base.generation


def _rewrite(base: Snapshot, bits: int, door: Door) -> Snapshot:
    """All buckets as one sorted file of a kind each. One publication: shared files are of all buckets."""
    with ThreadPoolExecutor(THREADS) as pool:
        found = pool.map(lambda bucket: list(_bucket_files(base, bucket, bits)), base.buckets)
        files = make_durable(base.tenant_id, [file for some in found for file in some])
    passing("compact.written")
    with door() as session:
        made = publish(session, base, added=files, retired={part.name for part in base.parts}, bits=bits)
    passing("compact.published")
    return made


def _bucket_files(base: Snapshot, number: int, bits: int) -> Iterator[PartFile]:
    bucket = read_bucket(base, number)
    yield from write_split(base.tenant_id, bucket.touches, bits)
    yield from write_split(base.tenant_id, bucket.orders, bits)


def _fold(base: Snapshot, pile: list[Part], door: Door) -> Snapshot:
    """The newest deltas as one. What their drop lists took from each other is gone; what they take from older files
    they still take."""
    apart = replace(base, parts=tuple(pile))
    drops = [read_drops(base.tenant_id, part.name) for part in pile if part.kind == "drops"]
    files = list(_delta_files(apart))
    if drops:
        bucket = SHARED if base.bits else 0
        files.append(write_drops(base.tenant_id, bucket, np.unique(np.concatenate(drops))))
    make_durable(base.tenant_id, files)
    passing("fold.written")
    with door() as session:
        return publish(session, base, added=files, retired={part.name for part in pile})


def _delta_files(apart: Snapshot) -> Iterator[PartFile]:
    if apart.rows("touches") + apart.rows("orders") > FOLDED_AT_ONCE:
        for number in apart.buckets:
            yield from _bucket_files(apart, number, apart.bits)
        return
    buckets = list(read_buckets(apart))
    yield from write_delta(apart.tenant_id, join([bucket.touches for bucket in buckets]), apart.bits)
    yield from write_delta(apart.tenant_id, join([bucket.orders for bucket in buckets]), apart.bits)
