"""Counting the lake into a cube: touches by their day, orders by theirs, each order under the channel and placement of
its last non-direct touch (90 days back, after the previous order); orders without one stand under channel 0."""

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from core.attribution.days import local_days
from core.attribution.heuristics import last_non_direct
from core.attribution.journeys import Ints, Orders, Touches
from core.attribution.matching import Window, match_touches
from core.attribution.sharing import per_touch
from core.lake.facts import WEIGHTLESS
from core.lake.manifest import Snapshot
from core.lake.reading import Bucket, read_buckets

UNATTRIBUTED = 0
PLACEMENT_SPAN = 1 << 26
DAY_SPAN = 1 << 22
DAY_SHIFT = 1 << 20
"""Days before 1970 still pack into a positive number."""


@dataclass(frozen=True, slots=True)
class Cube:
    """Columns of int64, one row for each (channel, placement, day) where anything happened. first_orders: of contacts
    who had none before; revenue: net, minor units."""

    channel: Ints
    placement: Ints
    day: Ints
    touchpoints: Ints
    orders: Ints
    first_orders: Ints
    revenue: Ints

    def to_bytes(self) -> bytes:
        """An Arrow stream, compressed."""
        table = pa.table({field.name: getattr(self, field.name) for field in fields(self)})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_table(table)
        packed: bytes = sink.getvalue().to_pybytes()
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Cube":
        """What `to_bytes` made."""
        with pa.ipc.open_stream(packed) as stream:
            table = stream.read_all()
        return cls(*(table[field.name].to_numpy() for field in fields(cls)))

    @classmethod
    def empty(cls) -> "Cube":
        """Of a brand without facts."""
        return cls(*(np.empty(0, np.int64) for _ in fields(cls)))

    def between(self, first_day: int, end_day: int) -> "Cube":
        """The rows of the days [first_day, end_day)."""
        inside = (self.day >= first_day) & (self.day < end_day)
        return Cube(*(getattr(self, field.name)[inside] for field in fields(self)))


def count_cube(snapshot: Snapshot, *, zone: str, direct: int) -> Cube:
    """The whole lake of a snapshot, a bucket at a time."""
    parts = [_count_bucket(bucket, zone, direct) for bucket in read_buckets(snapshot)]
    keys = np.concatenate([key for key, _ in parts]) if parts else np.empty(0, np.int64)
    amounts = np.concatenate([amount for _, amount in parts], axis=1) if parts else np.empty((4, 0), np.int64)
    key, inverse = np.unique(keys, return_inverse=True)
    total = np.zeros((4, len(key)), np.int64)
    for measure in range(4):
        np.add.at(total[measure], inverse, amounts[measure])
    cell, day = np.divmod(key, DAY_SPAN)
    channel, placement = np.divmod(cell, PLACEMENT_SPAN)
    return Cube(channel, placement, day - DAY_SHIFT, *total)


def _count_bucket(bucket: Bucket, zone: str, direct: int) -> tuple[Ints, Ints]:
    """Keys, int64[k], and their touchpoints, orders, first orders and revenue, int64[4, k]; keys may repeat."""
    facts = bucket.touches
    place = facts.channel.astype(np.int64) * PLACEMENT_SPAN + facts.placement
    touch_key = _key(place, local_days(facts.ts, zone=zone))
    weighing = ~np.isin(facts.kind, WEIGHTLESS)
    touches = Touches(
        facts.contact[weighing].astype(np.int64),
        facts.ts[weighing],
        facts.channel[weighing].astype(np.int32),
        place[weighing],
    )
    sold = bucket.orders
    count = len(sold.contact)
    contact = sold.contact.astype(np.int64)
    orders = Orders(contact, sold.ts, sold.value.astype(np.float64), np.ones(count, np.bool_))
    matched = match_touches(touches, orders, window=Window())
    journeys = matched.journeys.select(matched.journeys.converted)
    credited = np.full(count, UNATTRIBUTED, np.int64)
    if len(journeys):
        weights = per_touch(journeys, last_non_direct(journeys, direct=direct))
        credited[matched.order] = journeys.cell[weights > 0]
    is_first = np.ones(count, np.int64)
    is_first[1:] = contact[1:] != contact[:-1]
    key, times = np.unique(touch_key, return_counts=True)
    none, one = np.zeros(len(key), np.int64), np.ones(count, np.int64)
    amounts = np.stack(
        [
            np.concatenate([times.astype(np.int64), np.zeros(count, np.int64)]),
            np.concatenate([none, one]),
            np.concatenate([none, is_first]),
            np.concatenate([none, sold.value]),
        ]
    )
    return np.concatenate([key, _key(credited, local_days(sold.ts, zone=zone))]), amounts


def _key(place: Ints, day: Ints) -> Ints:
    return place * DAY_SPAN + day + DAY_SHIFT
