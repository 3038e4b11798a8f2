"""The facts of some people, out of one or more snapshots; what the snapshots share is fetched once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.lake.facts import (
    ORDER_TYPES,
    TOUCH_TYPES,
    Facts,
    OrderFacts,
    TouchFacts,
    bucket_of,
    no_orders,
    no_touches,
    take,
)
from core.lake.manifest import Part, Snapshot
from core.lake.merging import merge_sorted
from core.lake.opened import open_part
from core.lake.parts import SHARED, read_drops
from core.lake.reading import Bucket

PICKED = -1
"""The number of a bucket that is made of chosen people."""


@dataclass
class Picker:
    """contacts: int32[n], ascending and unique."""

    tenant_id: int
    contacts: NDArray[np.int32]
    fetched: dict[tuple[str, ...], TouchFacts | OrderFacts] = field(default_factory=dict)

    def pick(self, snapshot: Snapshot) -> Bucket:
        """Their facts, as `read_bucket` gives those of a bucket's people."""
        dropped = self._dropped(snapshot)
        touches = self._picked(snapshot, "touches", no_touches(), dropped)
        return Bucket(PICKED, touches, self._picked(snapshot, "orders", no_orders(), dropped))

    def _dropped(self, snapshot: Snapshot) -> NDArray[np.int64] | None:
        """int64[n]: rows of generations before this one no longer count; None where nobody's were dropped."""
        dropped = np.zeros(len(self.contacts), np.int64)
        for part in sorted((part for part in snapshot.parts if part.kind == "drops"), key=lambda part: part.born):
            dropped[np.isin(self.contacts, read_drops(self.tenant_id, part.name))] = part.born
        return dropped if dropped.any() else None

    def _picked(self, snapshot: Snapshot, kind: str, empty: Facts, dropped: NDArray[np.int64] | None) -> Facts:
        layers = []
        # A contact's rows of one generation are in one file: in its bucket's, or in that of all buckets.
        groups = sorted({(part.born, part.bucket == SHARED) for part in snapshot.parts if part.kind == kind})
        for group in groups:
            parts = [p for p in snapshot.parts if p.kind == kind and (p.born, p.bucket == SHARED) == group]
            rows = self._layer(parts, snapshot.bits, empty)
            layers.append(rows if dropped is None else self._without(rows, dropped > group[0]))
        return merge_sorted(layers) if layers else empty

    def _without(self, facts: Facts, gone: NDArray[np.bool_]) -> Facts:
        return take(facts, ~gone[np.searchsorted(self.contacts, facts.contact)]) if gone.any() else facts

    def _layer(self, parts: Sequence[Part], bits: int, empty: Facts) -> Facts:
        key = tuple(sorted(part.name for part in parts))
        if key not in self.fetched:
            self.fetched[key] = self._fetch(parts, bits, empty)
        found = self.fetched[key]
        assert isinstance(found, type(empty))
        return found

    def _fetch(self, parts: Sequence[Part], bits: int, empty: Facts) -> Facts:
        home = bucket_of(self.contacts, bits=bits)
        count = np.zeros(len(self.contacts), np.int64)
        found = []
        for part in parts:
            mine = np.arange(len(home)) if part.bucket == SHARED else np.flatnonzero(home == part.bucket)
            if len(mine):
                opened = open_part(self.tenant_id, part)
                low, lengths = opened.rows_of(self.contacts[mine])
                count[mine] = lengths
                found.append((opened, low, lengths, mine))
        start = np.cumsum(count) - count
        types = TOUCH_TYPES if isinstance(empty, TouchFacts) else ORDER_TYPES
        columns = {name: np.empty(int(count.sum()), kind) for name, kind in types.items()}
        columns["contact"] = np.repeat(self.contacts, count)
        for opened, low, lengths, mine in found:
            source, target = spans(low, lengths), spans(start[mine], lengths)
            for name, column in opened.columns.items():
                columns[name][target] = column[source]
        rows: Facts = type(empty)(**columns)
        return rows


def spans(low: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[sum of lengths]: the numbers low[i], low[i] + 1, ..., lengths[i] of them, laid end to end."""
    end = np.cumsum(lengths)
    place: NDArray[np.int64] = np.arange(int(end[-1]) if len(end) else 0) + np.repeat(low - (end - lengths), lengths)
    return place
