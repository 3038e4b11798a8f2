"""A bucket of a snapshot as sorted arrays, with dropped contacts taken out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.lake.facts import OrderFacts, TouchFacts, in_order, join, no_orders, no_touches, take
from core.lake.manifest import Part, Snapshot
from core.lake.parts import read_drops, read_orders, read_touches

Facts = TypeVar("Facts", TouchFacts, OrderFacts)


@dataclass(frozen=True, slots=True)
class Bucket:
    """All facts of a bucket's contacts, each sorted by contact, time and recording."""

    number: int
    touches: TouchFacts
    orders: OrderFacts


def read_bucket(snapshot: Snapshot, bucket: int) -> Bucket:
    """One bucket, whole."""
    drops = snapshot.of_bucket(bucket, "drops")
    touches = [
        _without(read_touches(snapshot.tenant_id, [part.name]), part, drops, snapshot.tenant_id)
        for part in snapshot.of_bucket(bucket, "touches")
    ]
    orders = [
        _without(read_orders(snapshot.tenant_id, [part.name]), part, drops, snapshot.tenant_id)
        for part in snapshot.of_bucket(bucket, "orders")
    ]
    return Bucket(
        bucket,
        in_order(join(touches)) if touches else no_touches(),
        in_order(join(orders)) if orders else no_orders(),
    )


def read_buckets(snapshot: Snapshot) -> Iterator[Bucket]:
    """All buckets, in their order, one in memory at a time."""
    for bucket in snapshot.buckets:
        yield read_bucket(snapshot, bucket)


def _without(facts: Facts, part: Part, drops: list[Part], tenant_id: int) -> Facts:
    """The rows whose contact was not dropped by a later generation."""
    later = [read_drops(tenant_id, drop.name) for drop in drops if drop.born > part.born]
    if not later:
        return facts
    return take(facts, ~np.isin(facts.contact, np.concatenate(later)))
