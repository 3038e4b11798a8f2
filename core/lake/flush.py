"""Bringing the lake up to date: a delta becomes files beside the old ones; a rebuild writes everything anew."""

from dataclasses import dataclass

from core.db import reading, writing
from core.lake.building import building
from core.lake.compaction import Door, compact_lake
from core.lake.delta import Delta, newest_changes, positions_hold, read_delta
from core.lake.faults import passing
from core.lake.manifest import Snapshot, publish, take_snapshot
from core.lake.parts import SHARED, PartFile, lake_folder, make_durable, write_delta, write_drops
from core.lake.sweeping import sweep_lake, sweep_orphans


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
    if not can_follow(tenant_id):
        return rebuild_lake(tenant_id, door=open_door)
    while not is_last:
        with reading(tenant_id) as session:
            base = take_snapshot(session)
            delta = read_delta(session, base.positions)
        if delta.positions != base.positions:
            added = _write_files(base, delta)
            passing("flush.written")
            with open_door() as session:
                publish(session, base, added=added, positions=delta.positions)
            passing("flush.published")
            compact_lake(tenant_id, door=open_door)
        touches += len(delta.touches.contact)
        orders += len(delta.orders.contact)
        dropped += len(delta.dropped)
        is_last = delta.is_last
    sweep_lake(tenant_id, door=open_door)
    with reading(tenant_id) as session:
        return Flushed(take_snapshot(session).generation, touches, orders, dropped)


def rebuild_lake(tenant_id: int, *, door: Door | None = None) -> Flushed:
    """Read everything from SQL again and publish it as one generation; until then readers have the old one."""
    open_door = door or (lambda: writing(tenant_id))
    with reading(tenant_id) as session:
        base = take_snapshot(session)
        positions = newest_changes(session)
    is_last = False
    with building(tenant_id) as made:
        while not is_last:
            with reading(tenant_id) as session:
                delta = read_delta(session, positions, follow_changes=False)
            made.touches.add(delta.touches)
            made.orders.add(delta.orders)
            positions, is_last = delta.positions, delta.is_last
        built = made.write()
    make_durable(tenant_id, built.files)  # the spill is gone by now, and so need not reach the disk with them
    passing("rebuild.written")
    generation = base.generation
    if base.parts or positions:
        gone = {part.name for part in base.parts}
        with open_door() as session:
            generation = publish(
                session, base, added=built.files, retired=gone, positions=positions, bits=built.bits
            ).generation
    sweep_orphans(tenant_id)
    return Flushed(generation, made.touches.rows, made.orders.rows, 0)


def can_follow(tenant_id: int) -> bool:
    """False for a lake that is new, or whose files or positions a restored backup no longer fits: it is built anew."""
    with reading(tenant_id) as session:
        base = take_snapshot(session)
        holds = bool(base.positions) and positions_hold(session, base.positions)
    return holds and all((lake_folder(tenant_id) / part.name).is_file() for part in base.parts)


def _write_files(base: Snapshot, delta: Delta) -> list[PartFile]:
    files = [
        *write_delta(base.tenant_id, delta.touches, base.bits),
        *write_delta(base.tenant_id, delta.orders, base.bits),
    ]
    if len(delta.dropped):
        files.append(write_drops(base.tenant_id, SHARED if base.bits else 0, delta.dropped))
    return make_durable(base.tenant_id, files)
