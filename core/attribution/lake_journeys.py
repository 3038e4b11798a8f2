"""Journeys of a lake snapshot, bucket by bucket, for a window of order days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from core.attribution.days import local_days
from core.attribution.engine import CellSums
from core.attribution.journeys import Flags, Floats, Ints, Journeys, Orders, Touches
from core.attribution.matching import Window, match_touches
from core.attribution.packing import CellCode
from core.lake.facts import WEIGHTLESS, OrderFacts, TouchFacts
from core.lake.manifest import Snapshot
from core.lake.reading import read_bucket

KEPT_ROWS = 2_000_000
"""A lake of fewer touches is read once and kept for the second pass."""


@dataclass(frozen=True, slots=True)
class Span:
    """Orders placed in [start_us, end_us) count; touches reach back by the lookback before it; zone: of days."""

    start_us: int
    end_us: int
    window: Window
    zone: str

    def touches_of(self, facts: TouchFacts, code: CellCode) -> Touches:
        """The bucket's touches that may take part: inside the span, of a kind that weighs."""
        inside = (facts.ts >= self.start_us - self.window.lookback_us) & (facts.ts < self.end_us)
        inside &= ~np.isin(facts.kind, WEIGHTLESS)
        ts, channel = facts.ts[inside], facts.channel[inside].astype(np.int32)
        cell = code.pack(
            channel.astype(np.int64), facts.placement[inside].astype(np.int64), local_days(ts, zone=self.zone)
        )
        return Touches(facts.contact[inside].astype(np.int64), ts, channel, cell)

    def orders_of(self, facts: OrderFacts, minor: int) -> Orders:
        """The bucket's orders before the end; those before the start only cut. minor: minor units in a major one."""
        inside = facts.ts < self.end_us
        ts = facts.ts[inside]
        value = facts.value[inside] / minor
        return Orders(facts.contact[inside].astype(np.int64), ts, value, ts >= self.start_us)


@dataclass(slots=True)
class Counted:
    """What the first pass saw: counted orders, their minor value, and those without a touch by local day."""

    orders: int = 0
    value_minor: int = 0
    lost_minor: int = 0
    lost: list[CellSums] = field(default_factory=list)


@dataclass
class LakeJourneys:
    """The parts of a run: call it for each pass. tick: told after each bucket how many are done, over both passes."""

    snapshot: Snapshot
    span: Span
    code: CellCode
    minor: int
    tick: Callable[[int], None]
    counted: Counted = field(default_factory=Counted)
    _kept: list[Journeys] = field(default_factory=list)
    _done: int = 0

    def __call__(self) -> Iterator[Journeys]:
        """Journeys of each bucket, in the order of buckets."""
        if self._kept:
            yield from self._kept
            return
        first_pass = self._done == 0
        keep = first_pass and self.snapshot.rows("touches") <= KEPT_ROWS
        for bucket in self.snapshot.buckets:
            journeys = self._read(bucket, first_pass)
            if keep:
                self._kept.append(journeys)
            self._done += 1
            self.tick(self._done)
            yield journeys

    def _read(self, number: int, first_pass: bool) -> Journeys:
        bucket = read_bucket(self.snapshot, number)
        touches = self.span.touches_of(bucket.touches, self.code)
        orders = self.span.orders_of(bucket.orders, self.minor)
        matched = match_touches(touches, orders, window=self.span.window)
        if first_pass:
            self._count(orders, matched.unattributed)
        return matched.journeys

    def _count(self, orders: Orders, unattributed: Flags) -> None:
        day: Ints = local_days(orders.ts[unattributed], zone=self.span.zone)
        value = orders.value[unattributed]
        self.counted.orders += int(orders.counted.sum())
        self.counted.value_minor += self._minor_sum(orders.value[orders.counted])
        self.counted.lost_minor += self._minor_sum(value)
        self.counted.lost.append(CellSums(day, np.ones(len(day)), value).by(day))

    def _minor_sum(self, value: Floats) -> int:
        return int(np.rint(value * self.minor).astype(np.int64).sum())
