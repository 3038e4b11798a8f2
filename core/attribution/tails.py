"""How far each contact had come when a run was made: enough to count on where only later touches came to somebody.

All that the run looked at is in it, its window and choices of touches applied, so that none of it is looked up in the
lake again: one record a contact, found by its number, and the channels since its last order.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Ints, SmallInts, rows_of
from core.attribution.lake_journeys import Span
from core.attribution.matching import Cut, lower_bound
from core.attribution.trimming import DirectTouches
from core.lake.reading import Bucket

RECORD = np.dtype([("latest", np.int64), ("low", np.int32), ("length", np.int32)])
NEVER = np.iinfo(np.int64).min
NOBODY = np.array((NEVER, 0, 0), RECORD)
MOST_TOUCHES = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, eq=False)
class Tails:
    """of: RECORD[n + 1], by contact number, and at last the record of whoever is not known. latest: the instant of its
    latest touch or order; since its last order it met the channels channel[low:low + length]."""

    of: NDArray[np.void]
    channel: SmallInts

    def at(self, contacts: NDArray[np.int32]) -> NDArray[np.void]:
        """RECORD[c]."""
        found: NDArray[np.void] = self.of.take(contacts, mode="clip")
        return found

    def channels_of(self, records: NDArray[np.void]) -> SmallInts:
        """Whole numbers: what they met since their last orders, laid end to end."""
        met: SmallInts = self.channel.take(rows_of(records["low"], records["length"]))
        return met


@dataclass(frozen=True, slots=True, eq=False)
class BucketTails:
    """Of one bucket: touched int32[t] ascending, their latest touches and how many they met since their last orders,
    int64[t], and those touches' channels; bought int32[b], and their last orders' instants."""

    touched: SmallInts
    latest: Ints
    lengths: Ints
    channel: SmallInts
    bought: SmallInts
    ordered: Ints


def only_grow(span: Span) -> bool:
    """Whether journeys only grow with later touches: none is shared by orders, and no touch makes another not count."""
    trimming = span.trimming
    return (
        span.window.cut is Cut.PREVIOUS_ORDER
        and not trimming.collapse
        and trimming.direct is not DirectTouches.LAST_RESORT
    )


def find_tails(bucket: Bucket, span: Span) -> BucketTails:
    """Of the bucket's contacts."""
    touches, orders = span.touches_of(bucket.touches), span.orders_of(bucket.orders)
    low, high = borders_of(touches.contact)
    touched, latest = touches.contact[low], touches.ts[high - 1]
    is_last = borders_of(orders.contact)[1] - 1
    bought, ordered = orders.contact[is_last], orders.ts[is_last]
    if len(touched):
        place = np.searchsorted(touched, bought)
        met = np.flatnonzero(touched.take(place, mode="clip") == bought)
        place = place[met]
        low[place] = lower_bound(touches.ts, low[place], high[place], ordered[met] + 1)
    return BucketTails(touched, latest, high - low, touches.channel[rows_of(low, high - low)], bought, ordered)


def join_tails(found: Iterable[BucketTails]) -> Tails | None:
    """Of all buckets; None where there are more touches than a record can tell."""
    buckets = list(found)
    channel = np.concatenate([np.empty(0, np.int16), *(one.channel for one in buckets)])
    if len(channel) > MOST_TOUCHES:
        return None
    known = 1 + max((int(some[-1]) for one in buckets for some in (one.touched, one.bought) if len(some)), default=-1)
    of, begin = np.full(known + 1, NOBODY), 0
    for one in buckets:
        of["latest"][one.touched], of["length"][one.touched] = one.latest, one.lengths
        of["low"][one.touched] = begin + np.cumsum(one.lengths) - one.lengths
        of["latest"][one.bought] = np.maximum(of["latest"][one.bought], one.ordered)
        begin += len(one.channel)
    return Tails(of, channel)


def borders_of(contact: SmallInts) -> tuple[Ints, Ints]:
    """int64[c], twice: where the rows of each contact begin and end; they come by contact."""
    changed = np.flatnonzero(contact[1:] != contact[:-1]) + 1
    borders = np.concatenate([[0], changed, [len(contact)]]) if len(contact) else np.zeros(1, np.int64)
    return borders[:-1].copy(), borders[1:]
