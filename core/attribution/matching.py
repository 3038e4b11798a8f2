"""Which touches belong to which order: the lookback window, the cut at the previous order, and null journeys."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.attribution.journeys import (
    DAY_US,
    Flags,
    Floats,
    Ints,
    Journeys,
    Orders,
    Paths,
    SmallInts,
    TouchColumns,
    spans,
    starts_of,
)
from core.attribution.parts import Part


class Cut(StrEnum):
    """Where an order's journey begins: after the contact's previous order, or only at the lookback."""

    PREVIOUS_ORDER = "previous_order"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """How far back an order looks."""

    lookback_us: int = 90 * DAY_US
    cut: Cut = Cut.PREVIOUS_ORDER


@dataclass(frozen=True, slots=True)
class Matched:
    """part: what models count; its journeys are those of `order`, int64[j] index into the orders, and their touches are
    `touch`, int64[m] index into the touches; unattributed: bool[orders], counted without a touch; begin: int64[paths],
    the first touch of each path."""

    part: Part
    touch: Ints
    order: Ints
    unattributed: Flags
    begin: Ints

    @property
    def journeys(self) -> Journeys:
        """The journeys that led to orders, in the orders' order."""
        return self.part.journeys


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Half-open ranges of touches: low:high int64[orders] of each order, null_low:null_high int64[k] of what is left of
    each contact after its last order, where that is something."""

    low: Ints
    high: Ints
    null_low: Ints
    null_high: Ints


def match_touches(touches: TouchColumns, orders: Orders, *, window: Window) -> Matched:
    """A touch belongs to an order of its contact when `order.ts - lookback <= touch.ts <= order.ts` and, with the cut,
    `touch.ts > previous order.ts`. Touches after a contact's last order (all, if it has none) are a null journey.
    Both inputs are sorted; an order that is not `counted` cuts but takes no credit."""
    ranges = _find_ranges(touches, orders, window)
    journeyed = orders.counted & (ranges.high > ranges.low)
    order = np.flatnonzero(journeyed).astype(np.int64, copy=False)
    low, high = ranges.low.take(order), ranges.high.take(order)
    starts = starts_of(high - low)
    touch = spans(low, starts)
    value = orders.value.take(order)
    journeys = Journeys(
        starts,
        touches.channel.take(touch),
        touches.cells(touch),
        touches.ts.take(touch),
        orders.ts.take(order),
        np.ones(len(order), np.int64),
        value,
    )
    apart = window.cut is Cut.PREVIOUS_ORDER
    begin, paths = (_paths_apart if apart else _paths_anyhow)(touches.channel, low, high, ranges, value)
    part = Part(paths, journeys, lambda: touches.cells(spans(begin, paths.starts)))
    return Matched(part, touch, order, orders.counted & ~journeyed, begin)


def _find_ranges(touches: TouchColumns, orders: Orders, window: Window) -> _Ranges:
    contact, count = touches.contact, len(touches.contact)
    if not count:
        none = np.zeros(len(orders), np.int64)
        return _Ranges(none, none, none[:0], none[:0])
    is_first = np.ones(count, np.bool_)
    np.not_equal(contact[1:], contact[:-1], out=is_first[1:])
    begin = np.append(np.flatnonzero(is_first), count).astype(np.int64, copy=False)
    known = contact.take(begin[:-1])
    place = np.minimum(np.searchsorted(known, orders.contact), len(known) - 1)
    met = known.take(place) == orders.contact
    first = np.where(met, begin.take(place), 0)
    high = lower_bound(touches.ts, first, np.where(met, begin.take(place + 1), 0), orders.ts + 1)
    same = orders.contact[1:] == orders.contact[:-1]
    if window.cut is Cut.PREVIOUS_ORDER:
        first[1:] = np.where(same, high[:-1], first[1:])
    low = lower_bound(touches.ts, first, high, orders.ts - window.lookback_us)
    null_low, null_high = begin[:-1].copy(), begin[1:]
    latest = met & np.append(~same, np.ones(min(len(orders), 1), np.bool_))
    null_low[place.compress(latest)] = high.compress(latest)
    left = null_low < null_high
    return _Ranges(low, high, null_low.compress(left), null_high.compress(left))


def lower_bound(ts: Ints, low: Ints, high: Ints, wanted: Ints) -> Ints:
    """int64[q]: the first index in low:high whose ts is not below `wanted`; a binary search for all rows at once."""
    found = low.copy()
    row = np.flatnonzero(low < high)
    row = row.compress(
        ts.take(low.take(row)) < wanted.take(row)
    )  # the rest stays at the first, where most journeys begin
    low, high, wanted = low.take(row) + 1, high.take(row), wanted.take(row)
    behind = ts.take(high - 1) < wanted  # a contact's last order is mostly behind all touches
    low = np.where(behind, high, low)
    while len(row):
        found[row] = low
        open_rows = np.flatnonzero(low < high)
        row, low, high, wanted = (one.take(open_rows) for one in (row, low, high, wanted))
        middle = (low + high) >> 1
        below = ts.take(middle) < wanted
        low, high = np.where(below, middle + 1, low), np.where(below, high, middle)
    return found


def _paths_apart(channel: SmallInts, low: Ints, high: Ints, ranges: _Ranges, value: Floats) -> tuple[Ints, Paths]:
    """Where each path begins, and the paths: they share no touch, so the channels stay where they are, or nearly."""
    marks = np.zeros(len(channel), np.bool_)
    marks[low] = True
    orders = marks.copy()
    marks[ranges.null_low] = True
    begin = np.flatnonzero(marks)
    converted = orders.take(begin)
    sold, unsold = np.flatnonzero(converted), np.flatnonzero(~converted)
    end = np.empty(len(begin), np.int64)
    end[sold], end[unsold] = high, ranges.null_high
    starts = starts_of(end - begin)
    if int(starts[-1]) < len(channel):
        channel = channel[_inside(begin, end, len(channel))]
    worth = np.zeros(len(begin))
    worth[sold] = value
    conversions = np.zeros(len(begin), np.int64)
    conversions[sold] = 1
    return begin, Paths(starts, channel, conversions, 1 - conversions, worth, once=True)


def _inside(begin: Ints, end: Ints, count: int) -> Flags:
    """bool[count]: what no gap between the ranges, which are apart and in order, holds."""
    gap_low, gap_high = np.append(0, end), np.append(begin, count)
    gaps = np.flatnonzero(gap_low < gap_high)
    inside = np.ones(count, np.bool_)
    inside[spans(gap_low[gaps], starts_of(gap_high[gaps] - gap_low[gaps]))] = False
    return inside


def _paths_anyhow(channel: SmallInts, low: Ints, high: Ints, ranges: _Ranges, value: Floats) -> tuple[Ints, Paths]:
    """The same for paths that may share touches: those of orders first, then null ones."""
    begin = np.concatenate([low, ranges.null_low])
    starts = starts_of(np.concatenate([high - low, ranges.null_high - ranges.null_low]))
    conversions = np.zeros(len(begin), np.int64)
    conversions[: len(low)] = 1
    worth = np.concatenate([value, np.zeros(len(ranges.null_low))])
    return begin, Paths(starts, channel[spans(begin, starts)], conversions, 1 - conversions, worth, once=True)
