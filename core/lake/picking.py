"""The facts of some people, out of one or more snapshots; what the snapshots share is fetched once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.lake.facts import (
    ORDER_TYPES,
    TOUCH_TYPES,
    Facts,
    TouchFacts,
    bucket_of,
    no_orders,
    no_touches,
    split_by,
    take,
)
from core.lake.manifest import Part, Snapshot
from core.lake.opened import Opened, open_part
from core.lake.parts import SHARED, read_drops
from core.lake.reading import Bucket

PICKED = -1
"""The number of a bucket that is made of chosen people."""


@dataclass
class Shelf:
    """Files that have been opened, for all pickers of a piece of work."""

    tenant_id: int
    opened: dict[str, Opened] = field(default_factory=dict)

    def take(self, part: Part) -> Opened:
        """The file; two threads that want it at once both open it, which does no harm."""
        if part.name not in self.opened:
            self.opened[part.name] = open_part(self.tenant_id, part)
        return self.opened[part.name]


@dataclass(frozen=True, eq=False)
class _Found:
    """What a file has of the contacts at `mine`, int64[f]: `lengths` rows each, from `low` on; columns: those that were
    asked for so far."""

    opened: Opened
    mine: NDArray[np.int64]
    low: NDArray[np.int64]
    lengths: NDArray[np.int64]
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """All rows, laid end to end."""
        return spans(self.low, self.lengths)

    def column(self, name: str) -> NDArray[Any]:
        """Its rows; one row for all where they are all alike."""
        if name not in self.columns:
            whole = self.opened.columns[name]
            self.columns[name] = whole[:1] if whole.strides == (0,) else whole[self.rows]
        return self.columns[name]


@dataclass
class Picker:
    """contacts: int32[n], ascending and unique."""

    shelf: Shelf
    contacts: NDArray[np.int32]
    found: dict[str, _Found] = field(default_factory=dict)
    homes: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)

    def pick(self, snapshot: Snapshot) -> Bucket:
        """Their facts, as `read_bucket` gives those of a bucket's people, but without `seq`."""
        dropped = self._dropped(snapshot)
        touches = self._picked(snapshot, "touches", no_touches(), dropped)
        return Bucket(PICKED, touches, self._picked(snapshot, "orders", no_orders(), dropped))

    def _dropped(self, snapshot: Snapshot) -> NDArray[np.int64]:
        """int64[n]: rows of generations before this one no longer count."""
        dropped = np.zeros(len(self.contacts), np.int64)
        for part in sorted((part for part in snapshot.parts if part.kind == "drops"), key=lambda part: part.born):
            dropped[np.isin(self.contacts, read_drops(self.shelf.tenant_id, part.name))] = part.born
        return dropped

    def _picked(self, snapshot: Snapshot, kind: str, empty: Facts, dropped: NDArray[np.int64]) -> Facts:
        laid = _Layout(len(self.contacts))
        for part, found in self._find_all(snapshot, kind):
            laid.add(found, dropped[found.mine] <= part.born)
        return laid.facts(self.contacts, empty)

    def _find_all(self, snapshot: Snapshot, kind: str) -> Iterator[tuple[Part, _Found]]:
        """What the files of a kind have of them, older files first."""
        for part in sorted((part for part in snapshot.parts if part.kind == kind), key=lambda part: part.born):
            if len(self._living_in(part.bucket, snapshot.bits)):
                yield part, self._find(part, snapshot.bits)

    def _find(self, part: Part, bits: int) -> _Found:
        if part.name not in self.found:
            opened, mine = self.shelf.take(part), self._living_in(part.bucket, bits)
            met, place = opened.find(self.contacts[mine])
            low = opened.start.take(place)
            self.found[part.name] = _Found(opened, mine[met], low, opened.start.take(place + 1) - low)
        return self.found[part.name]

    def _living_in(self, bucket: int, bits: int) -> NDArray[np.int64]:
        if bucket == SHARED:
            return np.arange(len(self.contacts))
        if bits not in self.homes:
            self.homes[bits] = split_by(bucket_of(self.contacts, bits=bits), 1 << bits)
        order, starts = self.homes[bits]
        return order[starts[bucket] : starts[bucket + 1]]


@dataclass
class _Layout:
    """Where the rows of several files, older ones first, go among those of all contacts."""

    contacts: int
    files: list[tuple[_Found, NDArray[np.bool_]]] = field(default_factory=list)

    def add(self, found: _Found, counts: NDArray[np.bool_]) -> None:
        """A file. counts: bool[f], whether its rows of a contact count still."""
        if len(found.mine):
            self.files.append((found, counts))

    def facts(self, contacts: NDArray[np.int32], empty: Facts) -> Facts:
        """All rows, by contact, time and recording."""
        count = np.zeros(self.contacts, np.int64)
        for found, counts in self.files:
            count[found.mine] += found.lengths * counts
        start = np.cumsum(count) - count
        places = self._places(start)
        types = TOUCH_TYPES if isinstance(empty, TouchFacts) else ORDER_TYPES
        columns: dict[str, NDArray[Any]] = {"contact": np.repeat(contacts, count), "seq": np.empty(0, np.int64)}
        for name, kind in types.items():
            if name not in columns:
                columns[name] = self._column(name, kind, places, int(count.sum()))
        rows: Facts = type(empty)(**columns)
        late = np.flatnonzero(self._late())
        return rows if not len(late) else self._mended(rows, places, spans(start[late], count[late]))

    def _places(self, start: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Of each file: int64[rows that count], where they go."""
        filled = start.copy()
        places = []
        for found, counts in self.files:
            lengths = found.lengths * counts
            places.append(spans(filled[found.mine], lengths))
            filled[found.mine] += lengths
        return places

    def _column(self, name: str, kind: type, places: list[NDArray[np.int64]], size: int) -> NDArray[Any]:
        column: NDArray[Any] = np.empty(size, kind)
        for (found, counts), place in zip(self.files, places, strict=True):
            rows = found.column(name)
            column[place] = (
                rows if len(rows) == len(place) or len(rows) == 1 else rows[np.repeat(counts, found.lengths)]
            )
        return column

    def _late(self) -> NDArray[np.bool_]:
        """bool[contacts]: whether a row of a later file is not later in time, too."""
        late = np.zeros(self.contacts, np.bool_)
        latest = np.full(self.contacts, np.iinfo(np.int64).min)
        for found, counts in self.files:
            end = np.cumsum(found.lengths)
            ts, mine = found.column("ts"), found.mine[counts]
            late[mine] |= ts[(end - found.lengths)[counts]] <= latest[mine]
            latest[mine] = np.maximum(latest[mine], ts[end[counts] - 1])
        return late

    def _mended(self, facts: Facts, places: list[NDArray[np.int64]], rows: NDArray[np.int64]) -> Facts:
        """With these rows, all of some contacts, put in order."""
        seq = self._column("seq", np.int64, places, len(facts.contact))
        order = rows[np.lexsort((seq[rows], facts.ts[rows], facts.contact[rows]))]
        every = np.arange(len(facts.contact))
        every[rows] = order
        return take(facts, every)


def spans(low: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[sum of lengths]: the numbers low[i], low[i] + 1, ..., lengths[i] of them, laid end to end."""
    end = np.cumsum(lengths)
    place: NDArray[np.int64] = np.arange(int(end[-1]) if len(end) else 0) + np.repeat(low - (end - lengths), lengths)
    return place
