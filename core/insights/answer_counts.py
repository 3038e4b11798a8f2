"""Messages and replies by day, week and month, counted with the cube: a contact is counted once in each, so days do not
add up to weeks."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import get_args

import numpy as np

from core.attribution.days import local_days
from core.attribution.journeys import Ints
from core.insights.days import Step, steps_of
from core.insights.packing import pack_columns, unpack_columns
from core.lake.facts import KIND_CODES, TouchFacts

STEPS: tuple[Step, ...] = get_args(Step)
REPLY, SENT, DELIVERED = (KIND_CODES[kind] for kind in ("reply", "message_sent", "message_delivered"))


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Columns of int64. step: place in STEPS; number: of the day, week or month; messages: sent; messaged: contacts who
    got one; answered: those of them who replied in the same step."""

    step: Ints
    number: Ints
    messages: Ints
    replies: Ints
    messaged: Ints
    answered: Ints

    def to_bytes(self) -> bytes:
        """Packed."""
        return pack_columns({field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_bytes(cls, packed: bytes) -> "AnswerCounts":
        """What `to_bytes` made."""
        return cls(**unpack_columns(packed))


def count_answers(touches: TouchFacts, *, zone: str) -> list[Ints]:
    """For each of STEPS, int64[5, k] of one bucket: number, messages, replies, messaged, answered."""
    told = np.isin(touches.kind, (REPLY, SENT, DELIVERED))
    kind, contact = touches.kind[told], touches.contact[told].astype(np.int64)
    day = local_days(touches.ts[told], zone=zone)
    return [_count_step(contact, steps_of(day, step), kind) for step in STEPS]


def sum_answers(parts: Sequence[Sequence[Ints]]) -> AnswerCounts:
    """All buckets together: no contact is in two of them."""
    columns = [np.empty((6, 0), np.int64)]
    for place in range(len(STEPS)):
        rows = np.concatenate([np.empty((5, 0), np.int64), *(part[place] for part in parts)], axis=1)
        number, sums = _sum_by(rows[0], rows[1:])
        columns.append(np.vstack([np.full((1, len(number)), place), number, sums]))
    return AnswerCounts(*np.concatenate(columns, axis=1))


def _count_step(contact: Ints, number: Ints, kind: "np.ndarray[tuple[int], np.dtype[np.int8]]") -> Ints:
    """The touches are in the order of contacts and time, so those of one contact in one step stand together."""
    if not len(contact):
        return np.empty((5, 0), np.int64)
    starts = np.flatnonzero(np.r_[True, (np.diff(contact) != 0) | (np.diff(number) != 0)])
    sent, replies = (np.add.reduceat((kind == one).astype(np.int64), starts) for one in (SENT, REPLY))
    got = np.add.reduceat((kind != REPLY).astype(np.int64), starts) > 0
    pairs = np.stack([sent, replies, got.astype(np.int64), (got & (replies > 0)).astype(np.int64)])
    found, sums = _sum_by(number[starts], pairs)
    return np.vstack([found, sums])


def _sum_by(key: Ints, amounts: Ints) -> tuple[Ints, Ints]:
    found, inverse = np.unique(key, return_inverse=True)
    sums = np.zeros((len(amounts), len(found)), np.int64)
    for measure in range(len(amounts)):
        np.add.at(sums[measure], inverse, amounts[measure])
    return found, sums
