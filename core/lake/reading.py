"""A bucket of a snapshot as sorted arrays, with dropped contacts taken out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from core.lake.facts import Facts, OrderFacts, TouchFacts, no_orders, no_touches, take
from core.lake.manifest import Part, Snapshot
from core.lake.merging import merge_sorted
from core.lake.parts import SHARED, read_drops, read_facts, read_slice

NEEDED = ("contact", "ts")
"""Read whatever is asked for."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """All facts of a bucket's contacts, each sorted by contact, time and recording."""

    number: int
    touches: TouchFacts
    orders: OrderFacts


def read_bucket(snapshot: Snapshot, bucket: int, *, columns: Collection[str] | None = None) -> Bucket:
    """One bucket, whole.

    Args:
        columns: of touches and orders, beside contact and ts; a column that is left out may be an empty array.
            All when None.
    """
    return Bucket(
        bucket,
        _read(snapshot, bucket, "touches", no_touches(), columns),
        _read(snapshot, bucket, "orders", no_orders(), columns),
    )


def read_buckets(snapshot: Snapshot, *, columns: Collection[str] | None = None) -> Iterator[Bucket]:
    """All buckets, in their order, one in memory at a time."""
    for bucket in snapshot.buckets:
        yield read_bucket(snapshot, bucket, columns=columns)


def _read(snapshot: Snapshot, bucket: int, kind: str, empty: Facts, columns: Collection[str] | None) -> Facts:
    parts = snapshot.of_bucket(bucket, kind)
    drops = snapshot.of_bucket(bucket, "drops")
    # A single file is in order; only the places of rows between others need the third key.
    keys: tuple[str, ...] = NEEDED if len(parts) == 1 else (*NEEDED, "seq")
    wanted = None if columns is None else set(keys) | set(columns)
    found = [_without(_rows(snapshot, bucket, part, type(empty), wanted), part, drops, snapshot) for part in parts]
    return merge_sorted(found) if found else empty


def _rows(snapshot: Snapshot, bucket: int, part: Part, facts: type[Facts], columns: Collection[str] | None) -> Facts:
    if part.bucket == SHARED:
        return read_slice(
            snapshot.tenant_id,
            part.name,
            facts,
            bucket=bucket,
            bits=snapshot.bits,
            columns=columns,
            root=snapshot.root,
        )
    return read_facts(snapshot.tenant_id, part.name, facts, columns=columns, root=snapshot.root)


def _without(facts: Facts, part: Part, drops: list[Part], snapshot: Snapshot) -> Facts:
    """The rows whose contact was not dropped by a later generation."""
    later = [read_drops(snapshot.tenant_id, drop.name, root=snapshot.root) for drop in drops if drop.born > part.born]
    if not later:
        return facts
    return take(facts, ~np.isin(facts.contact, np.concatenate(later)))
