"""What the lake holds, as columns: touches and orders by contact number. No names, no personal data."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

KIND_CODES = {
    "impression": 0,
    "click": 1,
    "scan": 2,
    "redeem": 3,
    "visit": 4,
    "lead": 5,
    "joined": 6,
    "reply": 7,
    "comment": 8,
    "message_sent": 9,
    "message_delivered": 10,
    "conversion": 11,
}
"""Written into files: a code is never given a new meaning."""
WEIGHTLESS = (KIND_CODES["message_sent"], KIND_CODES["message_delivered"])
NO_PLACEMENT = 0
MOSTLY_LATE = 8
"""One row in so many out of order, and all are sorted by time, too, instead of those rows' contacts alone."""

Index = NDArray[np.integer] | NDArray[np.bool_] | slice
Facts = TypeVar("Facts", "TouchFacts", "OrderFacts")


@dataclass(frozen=True, slots=True, eq=False)
class TouchFacts:
    """contact int32; ts int64 microseconds UTC; channel int16; placement int32, 0 for none; kind int8, see KIND_CODES;
    seq int64: the order of recording, which breaks ties in time."""

    contact: NDArray[np.int32]
    ts: NDArray[np.int64]
    channel: NDArray[np.int16]
    placement: NDArray[np.int32]
    kind: NDArray[np.int8]
    seq: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OrderFacts:
    """contact int32; ts int64; value int64, net, minor units; channel int16; seq int64. Cancelled ones are absent."""

    contact: NDArray[np.int32]
    ts: NDArray[np.int64]
    value: NDArray[np.int64]
    channel: NDArray[np.int16]
    seq: NDArray[np.int64]


TOUCH_TYPES = {
    "contact": np.int32,
    "ts": np.int64,
    "channel": np.int16,
    "placement": np.int32,
    "kind": np.int8,
    "seq": np.int64,
}
ORDER_TYPES = {"contact": np.int32, "ts": np.int64, "value": np.int64, "channel": np.int16, "seq": np.int64}


def no_touches() -> TouchFacts:
    """An empty set."""
    return TouchFacts(**{name: np.empty(0, kind) for name, kind in TOUCH_TYPES.items()})


def no_orders() -> OrderFacts:
    """An empty set."""
    return OrderFacts(**{name: np.empty(0, kind) for name, kind in ORDER_TYPES.items()})


def take(facts: Facts, index: Index) -> Facts:
    """The rows at `index`; a column that was not read stays empty."""
    return type(facts)(*(take_rows(getattr(facts, field.name), index) for field in fields(facts)))


def is_alike(column: NDArray[Any]) -> bool:
    """Whether a column is one value, held once, however many rows it has."""
    return column.strides == (0,)


def take_rows(column: NDArray[Any], index: Index) -> NDArray[Any]:
    """The rows of a column at `index`; one that was not read stays empty."""
    if not len(column):
        return column
    if is_alike(column) and isinstance(index, np.ndarray):
        return np.broadcast_to(column[:1], int(np.count_nonzero(index)) if index.dtype == np.bool_ else len(index))
    if isinstance(index, np.ndarray) and index.dtype != np.bool_:
        return column.take(index)  # twice as fast as brackets
    return column[index]


def join(parts: Sequence[Facts]) -> Facts:
    """All rows of one or more sets."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return type(first)(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(first)))


def in_order(facts: Facts) -> Facts:
    """By contact, then time, then recording."""
    if is_sorted(facts):
        return facts
    people = take(facts, radix_order(facts.contact))
    late = _late_rows(people)
    if len(late) * MOSTLY_LATE > len(facts.contact):
        # Rows come as they were recorded, so this is rare: facts of the past in an order of their own.
        people = take(facts, radix_order(facts.contact, order=radix_order(facts.ts)))
        late = _late_rows(people)
    return _settled(people, late) if len(late) else people


def is_sorted(facts: TouchFacts | OrderFacts) -> bool:
    """Whether the rows stand by contact, then time, then recording."""
    return bool((facts.contact[1:] >= facts.contact[:-1]).all()) and not len(_late_rows(facts))


def _late_rows(facts: TouchFacts | OrderFacts) -> NDArray[np.int64]:
    """int64[r]: rows that belong before the row before them, which is of the same contact."""
    contact, ts, seq = facts.contact, facts.ts, facts.seq
    suspect = np.flatnonzero((ts[1:] <= ts[:-1]) & (contact[1:] == contact[:-1]))
    late = (ts[suspect + 1] < ts[suspect]) | (seq[suspect + 1] < seq[suspect])
    return (suspect[late] + 1).astype(np.int64, copy=False)


def _settled(people: Facts, late: NDArray[np.int64]) -> Facts:
    """Facts that stand by contact, with the rows of those contacts that have late ones put in order."""
    hit = np.flatnonzero(np.isin(people.contact, people.contact[late]))
    order = np.arange(len(people.contact))
    order[hit] = hit[np.lexsort((people.seq[hit], people.ts[hit], people.contact[hit]))]
    return take(people, order)


def radix_order(number: NDArray[np.integer], *, order: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """int64[n]: the rows of `order` (as they stand, when None) by their numbers, equal ones as they were.

    numpy counts numbers of sixteen bits instead of comparing them; wider ones are taken sixteen bits after sixteen,
    the lowest first: a quarter of the time of a sort by comparing."""
    since = number - number.min() if len(number) else number
    most, shift = int(since.max()) if len(number) else 0, 0
    found = order
    while most >> shift or found is None:
        digit = (since >> shift).astype(np.uint16)
        best = (digit if found is None else digit.take(found)).argsort(kind="stable")
        found = best if found is None else found.take(best)
        shift += 16
    return found


def split_by(home: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows by home, those of one home in their old order, and int64[count + 1]: where each home starts among them."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(home, minlength=count))])
    return radix_order(home.astype(np.uint16, copy=False)), starts


def bucket_of(contact: NDArray[np.integer], *, bits: int) -> NDArray[np.int64]:
    """int64[n]: the top bits of a fixed mix of the contact number (the finaliser of splitmix64), 0 with no bits.
    Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014)."""
    if not bits:
        return np.zeros(len(contact), np.int64)
    bucket: NDArray[np.int64] = (mixed_of(contact) >> np.uint64(64 - bits)).astype(np.int64)
    return bucket


def mixed_of(contact: NDArray[np.integer]) -> NDArray[np.uint64]:
    """uint64[n]: the mix itself; its low bits tell nothing of the bucket."""
    mixed: NDArray[np.uint64] = contact.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def sequence_of(ids: Sequence[bytes]) -> NDArray[np.int64]:
    """int64[n]: UUIDv7 ids as numbers that grow in the order of minting."""
    return sequence_of_words(np.frombuffer(b"".join(ids), dtype=">u8").astype(np.uint64).reshape(-1, 2))


def sequence_of_words(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """int64[n] of uint64[n, 2]: 41 bits of milliseconds are too many beside the counter, so seconds since 2024
    (31 bits), the millisecond (10 bits) and the low 22 bits of the counter."""
    millis = (words[:, 0] >> np.uint64(16)) - np.uint64(1_704_067_200_000)
    counter = (words[:, 1] >> np.uint64(32)) & np.uint64(0x3FFFFF)
    seconds, rest = np.divmod(millis, np.uint64(1000))
    sequence: NDArray[np.int64] = ((seconds << np.uint64(32)) | (rest << np.uint64(22)) | counter).astype(np.int64)
    return sequence
