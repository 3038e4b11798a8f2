"""Bringing the lake up to date: a delta becomes files beside the old ones; only compaction rewrites."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from core.db import reading, writing
from core.lake.delta import Delta, newest_changes, positions_hold, read_delta
from core.lake.facts import Facts, bucket_of, in_order, take
from core.lake.manifest import Snapshot, delete_files, forget_parts, publish, stale_names, take_snapshot
from core.lake.parts import PartFile, lake_folder, write_drops, write_facts
from core.lake.reading import read_bucket

TOUCHES_A_BUCKET = 500_000
PARTS_A_BUCKET = 8
"""More files of one kind than this, and the bucket is written anew as one."""

Door = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush did."""

    generation: int
    touches: int
    orders: int
    dropped: int


def flush_lake(tenant_id: int, *, door: Door | None = None) -> Flushed:
    """Read everything new below the horizon into the lake, then compact what has piled up.

    Args:
        door: opens the writing transaction of each publication (a job's step); `writing` by default.
    """
    open_door = door or (lambda: writing(tenant_id))
    touches = orders = dropped = 0
    is_last = False
    if not _can_follow(tenant_id):
        return rebuild_lake(tenant_id, door=open_door)
    while not is_last:
        with reading(tenant_id) as session:
            base = take_snapshot(session)
            delta = read_delta(session, base.positions)
        if delta.positions != base.positions:
            added = _write_delta(base, delta)
            with open_door() as session:
                publish(session, base, added=added, positions=delta.positions)
        touches += len(delta.touches.contact)
        orders += len(delta.orders.contact)
        dropped += len(delta.dropped)
        is_last = delta.is_last
    generation = compact_lake(tenant_id, door=open_door)
    _sweep(tenant_id, open_door)
    return Flushed(generation, touches, orders, dropped)


def rebuild_lake(tenant_id: int, *, door: Door | None = None) -> Flushed:
    """Read everything from SQL again and publish it as one generation; until then readers have the old one."""
    open_door = door or (lambda: writing(tenant_id))
    with reading(tenant_id) as session:
        base = take_snapshot(session)
        positions = newest_changes(session)
    files: list[PartFile] = []
    touches = orders = 0
    is_last = False
    while not is_last:
        with reading(tenant_id) as session:
            delta = read_delta(session, positions, follow_changes=False)
        files += _write_delta(base, delta)
        touches += len(delta.touches.contact)
        orders += len(delta.orders.contact)
        positions, is_last = delta.positions, delta.is_last
    if base.parts or positions:
        with open_door() as session:
            publish(session, base, added=files, retired={part.name for part in base.parts}, positions=positions)
    return Flushed(compact_lake(tenant_id, door=open_door), touches, orders, 0)


def compact_lake(tenant_id: int, *, door: Door | None = None, everything: bool = False) -> int:
    """Write buckets with many files, or too many rows, anew as one sorted file each; the generation afterwards."""
    open_door = door or (lambda: writing(tenant_id))
    with reading(tenant_id) as session:
        base = take_snapshot(session)
    bits = _wanted_bits(base)
    for bucket in base.buckets if bits == base.bits else ():
        if everything or _is_piled_up(base, bucket):
            base = _rewrite(base, [bucket], bits, open_door)
    if bits != base.bits:
        base = _rewrite(base, base.buckets, bits, open_door)
    return base.generation


def _can_follow(tenant_id: int) -> bool:
    """False for a lake that is new, or whose files or positions a restored backup no longer fits: it is built anew."""
    with reading(tenant_id) as session:
        base = take_snapshot(session)
        holds = bool(base.positions) and positions_hold(session, base.positions)
    return holds and all((lake_folder(tenant_id) / part.name).is_file() for part in base.parts)


def _write_delta(base: Snapshot, delta: Delta) -> list[PartFile]:
    files = [
        *_write_split(base.tenant_id, delta.touches, base.bits),
        *_write_split(base.tenant_id, delta.orders, base.bits),
    ]
    home = bucket_of(delta.dropped, bits=base.bits)
    files += [write_drops(base.tenant_id, int(b), delta.dropped[home == b]) for b in np.unique(home)]
    return files


def _write_split(tenant_id: int, facts: Facts, bits: int) -> Iterator[PartFile]:
    home = bucket_of(facts.contact, bits=bits)
    for bucket in np.unique(home):
        mine = take(facts, home == bucket)
        yield write_facts(tenant_id, int(bucket), in_order(mine))


def _is_piled_up(base: Snapshot, bucket: int) -> bool:
    return any(len(base.of_bucket(bucket, kind)) > PARTS_A_BUCKET for kind in ("touches", "orders", "drops"))


def _wanted_bits(base: Snapshot) -> int:
    bits = base.bits
    while base.rows("touches") > TOUCHES_A_BUCKET << bits:
        bits += 1
    return bits


def _rewrite(base: Snapshot, buckets: "range | list[int]", bits: int, door: Door) -> Snapshot:
    files: list[PartFile] = []
    for number in buckets:
        bucket = read_bucket(base, number)
        files.extend(_write_split(base.tenant_id, bucket.touches, bits))
        files.extend(_write_split(base.tenant_id, bucket.orders, bits))
    retired = {part.name for part in base.parts if part.bucket in buckets}
    with door() as session:
        return publish(session, base, added=files, retired=retired, bits=bits)


def _sweep(tenant_id: int, door: Door) -> None:
    with reading(tenant_id) as session:
        names = stale_names(session)
    if names:
        with door() as session:
            forget_parts(session, names)
        delete_files(tenant_id, names)
