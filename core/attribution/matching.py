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
    """Half-open ranges of touches. Those of each order are low:high, int64[orders]; first:low are too old for it.
    is_first: bool[touches], the first of each contact."""

    first: Ints
    low: Ints
    high: Ints
    is_first: Flags


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
    make_paths = _paths_apart if window.cut is Cut.PREVIOUS_ORDER else _paths_anyhow
    begin, paths = make_paths(touches.channel, ranges, journeyed, value)
    part = Part(paths, journeys, lambda: touches.cells(spans(begin, paths.starts)))
    return Matched(part, touch, order, orders.counted & ~journeyed, begin)


def _find_ranges(touches: TouchColumns, orders: Orders, window: Window) -> _Ranges:
    contact, count = touches.contact, len(touches.contact)
    if not count:
        none = np.zeros(len(orders), np.int64)
        return _Ranges(none, none, none, np.zeros(0, np.bool_))
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
    return _Ranges(first, low, high, is_first)


def lower_bound(ts: Ints, low: Ints, high: Ints, wanted: Ints) -> Ints:
    """int64[q]: the first index in low:high whose ts is not below `wanted`; a binary search for all rows at once."""
    found = low.copy()
    row = np.flatnonzero(low < high)
    late = ts.take(low.take(row)) < wanted.take(row)
    row = row.compress(late)  # the rest stays at the first, where most journeys begin
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


def _paths_apart(channel: SmallInts, ranges: _Ranges, journeyed: Flags, value: Floats) -> tuple[Ints, Paths]:
    """Where each path begins, and the paths: they share no touch, so the channels stay where they are, or nearly. Every
    touch is in one range: those of an order, those too old for it, those after a contact's last order."""
    count, low, high = len(channel), ranges.low, ranges.high
    is_sold = _marked(count, low.compress(journeyed))
    marks = ranges.is_first | is_sold
    marks[high.compress(high < count)] = True
    begin = np.flatnonzero(marks).astype(np.int64, copy=False)
    is_sold, starts = is_sold.take(begin), np.append(begin, count)
    outside = np.append(ranges.first.compress(ranges.first < low), low.compress(~journeyed & (low < high)))
    if len(outside):
        stays = ~_marked(count, outside).take(begin)
        lengths = np.diff(starts)
        channel = channel[np.repeat(stays, lengths)]
        begin, is_sold, starts = begin[stays], is_sold[stays], starts_of(lengths[stays])
    worth = np.zeros(len(begin))
    worth[np.flatnonzero(is_sold)] = value
    conversions = is_sold.astype(np.int64)
    return begin, Paths(starts, channel, conversions, 1 - conversions, worth, once=True)


def _marked(count: int, index: Ints) -> Flags:
    marks = np.zeros(count, np.bool_)
    marks[index] = True
    return marks


def _paths_anyhow(channel: SmallInts, ranges: _Ranges, journeyed: Flags, value: Floats) -> tuple[Ints, Paths]:
    """The same for paths that may share touches: those of orders first, then null ones."""
    contact = np.flatnonzero(ranges.is_first)
    end, rest = np.append(contact[1:], len(channel))[: len(contact)], contact.copy()
    if len(contact):
        np.maximum.at(rest, np.searchsorted(contact, ranges.first), ranges.high)
    left = rest < end
    begin = np.concatenate([ranges.low[journeyed], rest[left]])
    starts = starts_of(np.concatenate([(ranges.high - ranges.low)[journeyed], (end - rest)[left]]))
    conversions = np.zeros(len(begin), np.int64)
    conversions[: len(value)] = 1
    worth = np.concatenate([value, np.zeros(len(begin) - len(value))])
    return begin, Paths(starts, channel[spans(begin, starts)], conversions, 1 - conversions, worth, once=True)
