"""Proof that a lake is whole: its files are what the manifest says, and its rows are those of the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.db import reading
from core.lake.columns import Arrays
from core.lake.delta import ORDER_COLUMNS, RANGE, TOUCH_COLUMNS, contacts_changed_after, positions_hold
from core.lake.facts import Facts, OrderFacts, TouchFacts, bucket_of, is_sorted, take
from core.lake.feed import Position, open_feeds
from core.lake.manifest import Part, Snapshot, take_snapshot
from core.lake.parts import SHARED, lake_folder, read_drops, read_facts
from core.lake.reading import read_buckets
from core.lake.roots import orders_of_rows, touches_of_rows


@dataclass(slots=True)
class Tally:
    """Rows, and the sum of a hash of each (modulo 2^64), so that equal tallies mean equal rows in any order."""

    rows: int = 0
    digest: int = 0

    def add(self, facts: Facts, changed: NDArray[np.int32]) -> None:
        """Count the rows of contacts that did not change."""
        kept = take(facts, ~np.isin(facts.contact, changed)) if len(changed) else facts
        mixed = np.zeros(len(kept.contact), np.uint64)
        for field in fields(kept):
            mixed = _mix(mixed ^ getattr(kept, field.name).astype(np.int64).view(np.uint64))
        self.rows += len(mixed)
        self.digest = (self.digest + int(mixed.sum(dtype=np.uint64))) % 2**64


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong with it."""

    snapshot: Snapshot
    touches: int
    orders: int
    faults: list[str]


def check_lake(tenant_id: int) -> Checked:
    """Look at every file, then compare all rows with the database up to where the lake has read it.

    Contacts with a merge or a change of an order behind that point are left out of the comparison: the next flush
    reads them anew.
    """
    with reading(tenant_id) as session:
        snapshot = take_snapshot(session)
        faults = [] if positions_hold(session, snapshot.positions) else [f"{MOVED}; run `siyu lake rebuild`"]
    for part in snapshot.parts:
        faults += _file_faults(snapshot, part)
    if faults:
        return Checked(snapshot, snapshot.rows("touches"), snapshot.rows("orders"), faults)
    there, here = _both_tallies(snapshot)
    for kind in here:
        if there[kind] != here[kind]:
            counts = f"{here[kind].rows:,} in the lake, {there[kind].rows:,} in the database"
            faults.append(f"{kind}: {counts}" + (", but not the same" if here[kind].rows == there[kind].rows else ""))
    return Checked(snapshot, here["touches"].rows, here["orders"].rows, faults)


MOVED = "the database's rows are not where the lake last saw them (a restored backup, or VACUUM)"
TURNS = 3
Tallies = dict[str, Tally]


def _both_tallies(snapshot: Snapshot) -> tuple[Tallies, Tallies]:
    """The database's and the lake's. When they differ, contacts that changed meanwhile are left out, and again."""
    changed = np.empty(0, np.int32)
    for _ in range(TURNS):
        there, here = _tally_database(snapshot, changed), _tally_lake(snapshot, changed)
        with reading(snapshot.tenant_id) as session:
            now = contacts_changed_after(session, snapshot.positions)
        if there == here or np.array_equal(now, changed):
            break
        changed = now
    return there, here


def _tally_lake(snapshot: Snapshot, changed: NDArray[np.int32]) -> Tallies:
    touches, orders = Tally(), Tally()
    for bucket in read_buckets(snapshot):
        touches.add(bucket.touches, changed)
        orders.add(bucket.orders, changed)
    return {"touches": touches, "orders": orders}


def _tally_database(snapshot: Snapshot, changed: NDArray[np.int32]) -> Tallies:
    touches, orders = Tally(), Tally()
    for session, rows in _sql_rows(snapshot, "touchpoint", TOUCH_COLUMNS):
        touches.add(touches_of_rows(session, rows), changed)
    for session, rows in _sql_rows(snapshot, "orders", ORDER_COLUMNS):
        orders.add(orders_of_rows(session, rows), changed)
    return {"touches": touches, "orders": orders}


def _sql_rows(snapshot: Snapshot, name: str, columns: Sequence[Any]) -> Iterator[tuple[Session, Arrays]]:
    """All rows up to the snapshot's position, a range and a transaction at a time."""
    until = cast("Position | None", snapshot.positions.get(name))
    place: Position | None = None
    is_last = until is None
    while not is_last:
        with reading(snapshot.tenant_id) as session:
            found = open_feeds(session).after(name, place, limit=RANGE, columns=columns, until=until)
            yield session, found.columns
        place, is_last = found.reached, not found.is_full


def _file_faults(snapshot: Snapshot, part: Part) -> Iterator[str]:
    path = lake_folder(snapshot.tenant_id) / part.name
    if not path.is_file():
        yield f"{part.name} is missing"
        return
    try:
        rows = pq.read_metadata(path).num_rows
        if rows != part.rows:
            yield f"{part.name} has {rows:,} rows, the manifest says {part.rows:,}"
        yield from _row_faults(snapshot, part)
    except (OSError, ValueError) as error:  # Arrow's errors are of these kinds
        yield f"{part.name} cannot be read: {error}"


def _row_faults(snapshot: Snapshot, part: Part) -> Iterator[str]:
    if part.kind == "drops":
        contact = read_drops(snapshot.tenant_id, part.name)
    else:
        facts = _facts_of(snapshot, part)
        contact = facts.contact
        if not is_sorted(facts):
            yield f"{part.name} is not in order"
    if part.bucket != SHARED and (bucket_of(contact, bits=snapshot.bits) != part.bucket).any():
        yield f"{part.name} holds rows of another bucket"


def _facts_of(snapshot: Snapshot, part: Part) -> TouchFacts | OrderFacts:
    if part.kind == "touches":
        return read_facts(snapshot.tenant_id, part.name, TouchFacts)
    return read_facts(snapshot.tenant_id, part.name, OrderFacts)


def _mix(word: NDArray[np.uint64]) -> NDArray[np.uint64]:
    word = (word + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed: NDArray[np.uint64] = word ^ (word >> np.uint64(31))
    return mixed
