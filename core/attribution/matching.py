"""Which touches belong to which order: the lookback window, the cut at the previous order, and null journeys."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.attribution.journeys import DAY_US, Flags, Ints, Journeys, Orders, Touches


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
    """journeys: those of orders first, in the orders' order, then null ones; touch: int64[m] index into the touches;
    order: int64[orders with a touch] index into the orders; unattributed: bool[orders], counted without a touch."""

    journeys: Journeys
    touch: Ints
    order: Ints
    unattributed: Flags


def match_touches(touches: Touches, orders: Orders, *, window: Window) -> Matched:
    """A touch belongs to an order of its contact when `order.ts - lookback <= touch.ts <= order.ts` and, with the cut,
    `touch.ts > previous order.ts`. Touches after a contact's last order (all, if it has none) are a null journey.
    Both inputs are sorted; an order that is not `counted` cuts but takes no credit."""
    low, high = _order_ranges(touches, orders, window)
    journeyed = orders.counted & (high > low)
    null_low, null_high = _null_ranges(touches, orders, high)
    order = np.flatnonzero(journeyed).astype(np.int64)
    begin = np.concatenate([low[order], null_low])
    lengths = np.concatenate([high[order] - low[order], null_high - null_low])
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    touch = np.repeat(begin - starts[:-1], lengths) + np.arange(starts[-1], dtype=np.int64)
    ordered = np.arange(len(lengths)) < len(order)
    ordered_at = np.concatenate([orders.ts[order], touches.ts[null_high - 1]])
    value = np.concatenate([orders.value[order], np.zeros(len(null_low))])
    journeys = Journeys(
        starts,
        touches.channel[touch],
        touches.cell[touch],
        touches.ts[touch],
        ordered_at,
        ordered.astype(np.int64),
        (~ordered).astype(np.int64),
        value,
    )
    return Matched(journeys, touch, order, orders.counted & ~journeyed)


def _order_ranges(touches: Touches, orders: Orders, window: Window) -> tuple[Ints, Ints]:
    """int64[orders], twice: the half-open range of touches of each order."""
    first = np.searchsorted(touches.contact, orders.contact, "left").astype(np.int64)
    end = np.searchsorted(touches.contact, orders.contact, "right").astype(np.int64)
    high = _lower_bound(touches.ts, first, end, orders.ts + 1)
    low = _lower_bound(touches.ts, first, high, orders.ts - window.lookback_us)
    if window.cut is Cut.PREVIOUS_ORDER and len(orders) > 1:
        same = orders.contact[1:] == orders.contact[:-1]
        low[1:] = np.where(same, np.maximum(low[1:], high[:-1]), low[1:])
    return low, high


def _null_ranges(touches: Touches, orders: Orders, high: Ints) -> tuple[Ints, Ints]:
    """int64[null journeys], twice: what is left of each contact after its last order."""
    if not len(touches):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(touches.contact)) + 1]).astype(np.int64)
    low, end = starts.copy(), np.append(starts[1:], len(touches))
    contact = touches.contact[starts]
    place = np.minimum(np.searchsorted(contact, orders.contact), len(contact) - 1)
    known = contact[place] == orders.contact
    np.maximum.at(low, place[known], high[known])
    left = low < end
    return low[left], end[left]


def _lower_bound(ts: Ints, low: Ints, high: Ints, wanted: Ints) -> Ints:
    """int64[q]: the first index in low:high whose ts is not below `wanted`; a binary search for all rows at once."""
    low, high = low.copy(), high.copy()
    open_rows = np.flatnonzero(low < high)
    while len(open_rows):
        middle = (low[open_rows] + high[open_rows]) >> 1
        below = ts[middle] < wanted[open_rows]
        low[open_rows[below]] = middle[below] + 1
        high[open_rows[~below]] = middle[~below]
        open_rows = open_rows[low[open_rows] < high[open_rows]]
    return low
