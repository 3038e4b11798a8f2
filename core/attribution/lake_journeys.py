"""Journeys of a lake snapshot, bucket by bucket, for a window of order days."""

from dataclasses import dataclass, replace

import numpy as np

from core.attribution.days import local_days
from core.attribution.group_counts import CONTACTS, count_contacts
from core.attribution.groups import group_of
from core.attribution.journeys import Flags, Ints, Orders, SmallInts
from core.attribution.matching import Matched, Window, match_touches
from core.attribution.maturing import LAGS, LagCode
from core.attribution.packing import ORDER_KINDS, CellCode
from core.attribution.parts import Groups, Part
from core.attribution.sums import Places, Sums
from core.attribution.trimming import Trimming
from core.attribution.upstream import Upstream
from core.lake.facts import OrderFacts, TouchFacts, take, take_rows
from core.lake.manifest import Snapshot
from core.lake.reading import Bucket, read_bucket

COLUMNS = ("channel", "placement", "kind", "value")
"""What is read beside contact and instant."""


USUAL = Trimming()


@dataclass(frozen=True, slots=True)
class Span:
    """Orders placed in [start_us, end_us) count; touches reach back by the lookback before it; zone: of days;
    trimming: which touches take part."""

    start_us: int
    end_us: int
    window: Window
    zone: str
    trimming: Trimming = USUAL

    def touches_of(self, facts: TouchFacts) -> TouchFacts:
        """The bucket's touches that may take part: inside the span, of a kind that weighs."""
        if self._holds(facts.ts) and self.trimming.admits_all(facts):
            return facts
        inside = (facts.ts >= self.start_us - self.window.lookback_us) & (facts.ts < self.end_us)
        inside &= self.trimming.admits(facts)
        return facts if inside.all() else take(facts, inside)

    def _holds(self, ts: Ints) -> bool:
        """Whether all touches are inside; looking at the ends costs a third of comparing every one."""
        if not len(ts):
            return True
        return bool(ts.min() >= self.start_us - self.window.lookback_us and ts.max() < self.end_us)

    def orders_of(self, facts: OrderFacts) -> OrderFacts:
        """The bucket's orders before the end; those before the start only cut."""
        inside = facts.ts < self.end_us
        return facts if inside.all() else take(facts, inside)


@dataclass(frozen=True, slots=True)
class LakeBucket:
    """A source of one bucket's part; small and picklable. minor: minor units in a major one; lags: whether to count
    what intervals and ripeness are made of, and by what code."""

    snapshot: Snapshot
    number: int
    span: Span
    code: CellCode
    minor: int
    upstream: Upstream | None = None
    lags: LagCode | None = None

    def __call__(self) -> Part:
        """Read and match. Besides: `orders` (key 0) and `lost`, those without a touch (by local day of the order); each
        counts orders and their minor units; `upstream`, where that model is asked for."""
        return self.part_of(self.read())

    def read(self) -> Bucket:
        """Its facts, as far as they are looked at."""
        return read_bucket(self.snapshot, self.number, columns=COLUMNS)

    def part_of(self, bucket: Bucket) -> Part:
        """The part of these facts."""
        facts = self.span.orders_of(bucket.orders)
        touches = CelledTouches(self.span.touches_of(bucket.touches), self.code, self.span.zone)
        counted = facts.ts >= self.span.start_us
        orders = Orders(facts.contact, facts.ts, facts.value / self.minor, counted)
        matched = match_touches(touches, orders, window=self.span.window)
        besides = {
            "orders": _counted(facts.value[counted]),
            "lost": _counted_by_day(take(facts, matched.unattributed), self.span.zone),
        }
        contact = orders.contact[matched.order]
        part, groups = self._trimmed(matched, touches.facts), None
        if self.lags is not None:
            besides[LAGS] = self.lags.count(part.journeys)
            # By channel and placement, whatever the day.
            place = part.journeys.cell // self.code.days
            groups = Groups(group_of(touches.contact[matched.begin]), group_of(contact), place)
            besides[CONTACTS] = count_contacts(group_of(_told_apart(touches.contact)))
        is_repeat = _is_repeat(facts.contact)[matched.order] if self.code.by_order else None
        if self.upstream is not None:
            group = groups.journeys if groups else None
            besides |= self.upstream.count(part.journeys, contact, is_repeat=is_repeat, group=group)
        if is_repeat is not None:
            part = _by_order(part, is_repeat)
        return replace(part, besides=besides, groups=groups)

    def _trimmed(self, matched: Matched, facts: TouchFacts) -> Part:
        kind = None if self.span.trimming.weights is None else facts.kind[matched.touch]
        return self.span.trimming.trim(matched.part, kind=kind)


def lake_sources(
    snapshot: Snapshot,
    span: Span,
    code: CellCode,
    *,
    minor: int,
    upstream: Upstream | None = None,
    lags: LagCode | None = None,
) -> list[LakeBucket]:
    """One for each bucket that holds files."""
    sources = []
    for number in snapshot.buckets:
        parts = tuple(part for kind in ("touches", "orders", "drops") for part in snapshot.of_bucket(number, kind))
        if parts:
            sources.append(LakeBucket(replace(snapshot, parts=parts), number, span, code, minor, upstream, lags))
    return sources


@dataclass(frozen=True, slots=True)
class CelledTouches:
    """Touches whose cells are worked out when they are asked for."""

    facts: TouchFacts
    code: CellCode
    zone: str

    @property
    def contact(self) -> SmallInts:
        """As asked of TouchColumns."""
        return self.facts.contact

    @property
    def ts(self) -> Ints:
        """As asked of TouchColumns."""
        return self.facts.ts

    @property
    def channel(self) -> SmallInts:
        """As asked of TouchColumns."""
        return self.facts.channel

    def cells(self, index: Ints) -> Ints:
        """As asked of TouchColumns; where results are split by orders, that comes after."""
        channel = self.facts.channel.take(index).astype(np.int64)
        return self.code.pack(
            channel, take_rows(self.facts.placement, index), local_days(self.facts.ts.take(index), zone=self.zone)
        )


def _is_repeat(contact: SmallInts) -> Flags:
    """bool[orders]: whether the contact had an order before; they come by contact, then time."""
    return np.append(np.zeros(min(len(contact), 1), np.bool_), contact[1:] == contact[:-1])


def _by_order(part: Part, is_repeat: Flags) -> Part:
    """The cells split by whether the order was the contact's first; touches that led to none stand with first ones."""
    journeys = part.journeys
    cell = journeys.cell.astype(np.int64) * ORDER_KINDS + journeys.spread(is_repeat)
    return replace(part, journeys=replace(journeys, cell=cell), cells=lambda: part.cells() * ORDER_KINDS)


def _told_apart(contact: SmallInts) -> SmallInts:
    """Each contact once; they come in order."""
    return contact[np.flatnonzero(np.diff(contact, prepend=-1))]


def _counted(value: Ints) -> Sums:
    """Orders and minor units, at key 0."""
    return Sums(np.zeros(1, np.int64), np.array([[len(value)], [value.sum()]]), np.empty((0, 1))).kept()


def _counted_by_day(facts: OrderFacts, zone: str) -> Sums:
    """The same by local day of the order; days before 1970 are keys too."""
    found, inverse = np.unique(local_days(facts.ts, zone=zone), return_inverse=True)
    places = Places(found, inverse)
    return places.sums([places.times(), places.count(facts.value)], [])
