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
    return type(facts)(*(_taken(getattr(facts, field.name), index) for field in fields(facts)))


def _taken(column: NDArray[Any], index: Index) -> NDArray[Any]:
    return column[index] if len(column) else column


def join(parts: Sequence[Facts]) -> Facts:
    """All rows of one or more sets."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return type(first)(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(first)))


def in_order(facts: Facts) -> Facts:
    """By contact, then time, then recording."""
    return facts if is_sorted(facts) else take(facts, _sort_order(facts))


def is_sorted(facts: TouchFacts | OrderFacts) -> bool:
    """Whether the rows stand by contact, then time, then recording."""
    step = np.diff(facts.contact)
    later = np.diff(facts.ts)
    tie = (step == 0) & (later == 0)
    return bool(((step > 0) | ((step == 0) & (later > 0)) | (tie & (np.diff(facts.seq) >= 0))).all())


def _sort_order(facts: TouchFacts | OrderFacts) -> NDArray[np.int64]:
    """Contact and time in one number, as exact as 63 bits allow: a third of the time of a sort by three keys. Rows
    that the number does not part are sorted by the keys themselves."""
    room = 63 - max(1, int(facts.contact.max()).bit_length())
    since = facts.ts - facts.ts.min()
    shift = max(0, int(since.max()).bit_length() - room)
    key = (facts.contact.astype(np.int64) << room) | (since >> shift)
    order = np.argsort(key)
    sorted_key = key[order]
    same = sorted_key[1:] == sorted_key[:-1]
    tied = np.zeros(len(key), np.bool_)
    tied[1:] |= same
    tied[:-1] |= same
    if same.any():
        rows = order[tied]
        order[tied] = rows[np.lexsort((facts.seq[rows], facts.ts[rows], key[rows]))]
    return order


def split_by(home: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows by home, those of one home in their old order, and int64[count + 1]: where each home starts among them."""
    order = np.argsort(home.astype(np.uint16), kind="stable")  # sixteen bits are sorted by counting
    return order, np.concatenate([[0], np.cumsum(np.bincount(home, minlength=count))])


def bucket_of(contact: NDArray[np.integer], *, bits: int) -> NDArray[np.int64]:
    """int64[n]: the top bits of a fixed mix of the contact number (the finaliser of splitmix64), 0 with no bits.
    Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014)."""
    if not bits:
        return np.zeros(len(contact), np.int64)
    mixed = contact.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    bucket: NDArray[np.int64] = (mixed >> np.uint64(64 - bits)).astype(np.int64)
    return bucket


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
