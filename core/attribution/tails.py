"""How far each contact had come when a run was made: enough to count on where only later touches came to somebody.

All that the run looked at is in it, its window and choices of touches applied, so that none of it is looked up in the
lake again. Instants are rounded up to seconds: who met more within the same second is counted the other way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.coalitions import MASK_CHANNELS, masks_of
from core.attribution.grown import null_paths
from core.attribution.journeys import Ints, SmallInts, rows_of, starts_of
from core.attribution.lake_journeys import Span
from core.attribution.matching import Cut, lower_bound
from core.attribution.trimming import DirectTouches
from core.lake.reading import Bucket

SECOND_US = 1_000_000
NEVER = 0
TOO_LATE = np.iinfo(np.int32).max
"""A second in 2038; later ones cannot be told."""
MOST = 40_000_000
"""With more touches in the lake tails would take half a gigabyte to make, and a full pass so long that looking people
up in files costs little beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Of c contacts. latest: int64[c], the second since 1970 by whose beginning everything had happened, NEVER where
    nothing had; lengths: int64[c], how many touches came since the last order, the channels from low on, int64[c]; met:
    whole numbers[c], those channels as bit masks, None where there are too many."""

    latest: Ints
    low: Ints
    lengths: Ints
    met: SmallInts | None


@dataclass(frozen=True, slots=True, eq=False)
class Tails:
    """By contact number, n + 1 each (and one more of low), the last for whoever is not known. latest, met: as in
    Standing; since its last order a contact met the channels channel[low[number]:low[number + 1]]."""

    latest: NDArray[np.int32]
    low: NDArray[np.int32]
    met: SmallInts
    channel: SmallInts

    def at(self, contacts: NDArray[np.int32]) -> Standing:
        """Where these stood."""
        place = np.minimum(contacts, len(self.latest) - 1)
        low = self.low.take(place).astype(np.int64)
        lengths = self.low.take(place + 1) - low
        met = self.met.take(place) if len(self.met) else None
        return Standing(self.latest.take(place).astype(np.int64), low, lengths, met)


@dataclass(frozen=True, slots=True, eq=False)
class BucketTails:
    """Of one bucket: touched int32[t] ascending, the seconds of their latest touches and how many they met since their
    last orders, int32[t], and those touches' channels; bought int32[b], and the seconds of their last orders."""

    touched: SmallInts
    latest: SmallInts
    lengths: SmallInts
    channel: SmallInts
    bought: SmallInts
    ordered: SmallInts


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
    touched, latest = touches.contact[low], seconds_after(touches.ts[high - 1])
    is_last = borders_of(orders.contact)[1] - 1
    bought, ordered = orders.contact[is_last], orders.ts[is_last]
    if len(touched):
        place = np.searchsorted(touched, bought)
        met = np.flatnonzero(touched.take(place, mode="clip") == bought)
        place = place[met]
        low[place] = lower_bound(touches.ts, low[place], high[place], ordered[met] + 1)
    lengths = high - low
    channel = touches.channel.take(rows_of(low, lengths))
    return BucketTails(touched, latest, lengths.astype(np.int32), channel, bought, seconds_after(ordered))


def join_tails(found: Iterable[BucketTails]) -> Tails | None:
    """Of all buckets; None where there are later touches than can be told."""
    buckets = list(found)
    known = 1 + max((int(some[-1]) for one in buckets for some in (one.touched, one.bought) if len(some)), default=-1)
    latest, lengths = np.full((2, known + 1), NEVER, np.int32)
    for one in buckets:
        latest[one.touched], lengths[one.touched] = one.latest, one.lengths
        latest[one.bought] = np.maximum(latest[one.bought], one.ordered)
    low = starts_of(lengths.astype(np.int64))
    if int(latest.max()) == TOO_LATE:
        return None
    channels = 1 + max((int(one.channel.max()) for one in buckets if len(one.channel)), default=0)
    channel: SmallInts = np.empty(int(low[-1]), np.int8 if channels <= np.iinfo(np.int8).max else np.int16)
    for one in buckets:
        channel[rows_of(low[one.touched], one.lengths)] = one.channel
    return Tails(latest, low.astype(np.int32), _masks(low, channel, channels), channel)


def seconds_after(us: Ints) -> SmallInts:
    """int32[n]: the first second, not NEVER and at most TOO_LATE, that does not begin before the instant."""
    return np.clip(-(-us // SECOND_US), NEVER + 1, TOO_LATE).astype(np.int32)


def _masks(low: Ints, channel: SmallInts, channels: int) -> SmallInts:
    """Whole numbers[n + 1]: which channels there are from each `low` to the next; nothing where they are too many."""
    if channels > MASK_CHANNELS:
        return channel[:0]
    met = np.flatnonzero(np.diff(low))
    found = masks_of(null_paths(np.append(low[met], low[-1]), channel), channels)
    masks = np.zeros(len(low) - 1, found.dtype)
    masks[met] = found
    return masks


def borders_of(contact: SmallInts) -> tuple[Ints, Ints]:
    """int64[c], twice: where the rows of each contact begin and end; they come by contact."""
    changed = np.flatnonzero(contact[1:] != contact[:-1]) + 1
    borders = np.concatenate([[0], changed, [len(contact)]]) if len(contact) else np.zeros(1, np.int64)
    return borders[:-1].copy(), borders[1:]
