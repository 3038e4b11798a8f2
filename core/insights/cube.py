"""Counting lake and people into a cube: touches by their day, orders by theirs, each order under the channel and
placement of its last non-direct touch (90 days back, after the previous order), contacts by the day, channel and
placement they joined by, with what they have brought; orders without a touch, and contacts of unknown origin, stand
under channel 0."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from core.attribution.days import local_days
from core.attribution.heuristics import last_non_direct
from core.attribution.journeys import Ints, Orders, Touches
from core.attribution.matching import Window, match_touches
from core.attribution.sharing import per_touch
from core.insights.packing import pack_columns, unpack_columns
from core.insights.people import People
from core.lake.facts import WEIGHTLESS, OrderFacts
from core.lake.reading import Bucket
from core.lake.roots import NOBODY

UNATTRIBUTED = 0
PLACEMENT_SPAN = 1 << 26
DAY_SPAN = 1 << 22
DAY_SHIFT = 1 << 20
"""Days before 1970 still pack into a positive number."""
MEASURES = 6
"""Contacts, touchpoints, orders, first orders, revenue, worth."""
Counted = tuple[Ints, Ints]
"""Keys, int64[k], and their measures, int64[MEASURES, k]; keys may repeat."""


@dataclass(frozen=True, slots=True)
class Cube:
    """Columns of int64, one row for each (channel, placement, day) where anything happened. first_orders: of contacts
    who had none before (nobody's are none); revenue: net, minor units; worth: net of all orders of the contacts who
    joined here."""

    channel: Ints
    placement: Ints
    day: Ints
    contacts: Ints
    touchpoints: Ints
    orders: Ints
    first_orders: Ints
    revenue: Ints
    worth: Ints

    def to_bytes(self) -> bytes:
        """Packed."""
        return pack_columns({field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Cube":
        """What `to_bytes` made."""
        return cls(**unpack_columns(packed))

    @classmethod
    def empty(cls) -> "Cube":
        """Of a brand without facts."""
        return cls(*(np.empty(0, np.int64) for _ in fields(cls)))

    def by_day(self) -> "Cube":
        """The same in all, a row a day, under channel and placement 0."""
        day, inverse = np.unique(self.day, return_inverse=True)
        sums = np.zeros((MEASURES, len(day)), np.int64)
        for measure, name in enumerate(self.__slots__[3:]):
            np.add.at(sums[measure], inverse, getattr(self, name))
        return Cube(np.zeros_like(day), np.zeros_like(day), day, *sums)

    def between(self, first_day: int, end_day: int) -> "Cube":
        """The rows of the days [first_day, end_day)."""
        inside = (self.day >= first_day) & (self.day < end_day)
        return Cube(*(getattr(self, field.name)[inside] for field in fields(self)))


def sum_cube(parts: Sequence[Counted]) -> Cube:
    """What was counted, added up."""
    keys = np.concatenate([key for key, _ in parts])
    amounts = np.concatenate([amount for _, amount in parts], axis=1)
    key, inverse = np.unique(keys, return_inverse=True)
    total = np.zeros((MEASURES, len(key)), np.int64)
    for measure in range(MEASURES):
        np.add.at(total[measure], inverse, amounts[measure])
    return Cube(*unkey(key), *total)


def count_people(people: People, worth: Ints, *, zone: str) -> Counted:
    """Who joined. worth: int64[n] what each of them has brought."""
    key = _key(people.channel * PLACEMENT_SPAN + people.placement, local_days(people.joined, zone=zone))
    amounts = np.zeros((MEASURES, len(key)), np.int64)
    amounts[0], amounts[-1] = 1, worth
    return key, amounts


def add_worth(worth: Ints, people: People, sold: OrderFacts) -> None:
    """Add the net value of these orders, in minor units, to what each of the people has brought, int64[n], in place."""
    place = np.searchsorted(people.contact, sold.contact)
    known = place < len(people)
    known[known] = people.contact[place[known]] == sold.contact[known]
    np.add.at(worth, place[known], sold.value[known])


def unkey(key: Ints) -> tuple[Ints, Ints, Ints]:
    """Channel, placement and day of each key."""
    cell, day = np.divmod(key, DAY_SPAN)
    channel, placement = np.divmod(cell, PLACEMENT_SPAN)
    return channel, placement, day - DAY_SHIFT


def count_bucket(bucket: Bucket, *, zone: str, direct: int) -> Counted:
    """Touches and orders of a bucket."""
    facts = bucket.touches
    place = facts.channel.astype(np.int64) * PLACEMENT_SPAN + facts.placement
    touch_key = _key(place, local_days(facts.ts, zone=zone))
    weighing = ~np.isin(facts.kind, WEIGHTLESS)
    touches = Touches(
        facts.contact[weighing].astype(np.int64),
        facts.ts[weighing],
        facts.channel[weighing].astype(np.int32),
        place[weighing],
    )
    sold = bucket.orders
    count = len(sold.contact)
    contact = sold.contact.astype(np.int64)
    orders = Orders(contact, sold.ts, sold.value.astype(np.float64), np.ones(count, np.bool_))
    matched = match_touches(touches, orders, window=Window())
    journeys = matched.journeys.select(matched.journeys.converted)
    credited = np.full(count, UNATTRIBUTED, np.int64)
    if len(journeys):
        weights = per_touch(journeys, last_non_direct(journeys, direct=direct))
        credited[matched.order] = journeys.cell[weights > 0]
    is_first = (contact != NOBODY).astype(np.int64)
    is_first[1:] &= contact[1:] != contact[:-1]
    key, times = np.unique(touch_key, return_counts=True)
    amounts = np.zeros((MEASURES, len(key) + count), np.int64)
    amounts[1, : len(key)] = times
    amounts[2:5, len(key) :] = np.ones(count, np.int64), is_first, sold.value
    return np.concatenate([key, _key(credited, local_days(sold.ts, zone=zone))]), amounts


def _key(place: Ints, day: Ints) -> Ints:
    return place * DAY_SPAN + day + DAY_SHIFT
