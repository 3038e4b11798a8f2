"""Who changed since an earlier run, in pieces for several threads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from core.attribution.further import Contacts, FurtherTouches
from core.attribution.lake_journeys import LakeBucket
from core.attribution.meeting import find_further
from core.attribution.parts import Part
from core.attribution.tails import Tails
from core.lake.changes import Changes
from core.lake.facts import TouchFacts, bucket_of, take
from core.lake.picking import Picker, Shelf

PIECES = 2
"""Further touches are counted in so many pieces: each costs a few milliseconds of its own."""
GROUP_BITS = 1
"""Others are counted in two groups, which lie in a part of the buckets each."""


@dataclass(frozen=True)
class Changed:
    """was, now: any bucket of either snapshot, with its options; tails: of everybody then, where journeys only grow."""

    changes: Changes
    was: LakeBucket
    now: LakeBucket
    tails: Tails | None

    @cached_property
    def shelf(self) -> Shelf:
        """For all that are looked up in files."""
        return Shelf(self.now.snapshot.tenant_id)

    @property
    def others(self) -> Contacts:
        """Who is counted again, whatever comes of the pieces."""
        changes = self.changes
        return changes.contacts if self.tails is None else changes.others

    def parted(self) -> Iterator[TouchFacts]:
        """What came to those for whom nothing else did, each contact in one piece."""
        touches = self.changes.further
        if self.tails is None or not len(touches.contact):
            return
        middle = np.linspace(0, len(touches.contact), PIECES, endpoint=False, dtype=np.int64)
        borders = [*np.searchsorted(touches.contact, touches.contact[middle]).tolist(), len(touches.contact)]
        yield from (take(touches, slice(low, high)) for low, high in pairwise(borders) if low < high)

    def find_further(self, touches: TouchFacts) -> tuple[FurtherTouches, Contacts]:
        """What grew by these, and to whom of them more happened than that."""
        assert self.tails is not None, "there are no pieces without"
        return find_further(self.was, self.tails, touches)

    def grouped(self, others: Sequence[Contacts]) -> list[Contacts]:
        """All of these, each once, by the hash that chooses a bucket."""
        contacts = np.unique(np.concatenate(others)).astype(np.int32)
        home = bucket_of(contacts, bits=GROUP_BITS)
        groups = [contacts[home == one] for one in range(1 << GROUP_BITS)]
        return [group for group in groups if len(group)]

    def parts_of(self, contacts: Contacts) -> tuple[Part, Part]:
        """Their journeys now, and then."""
        picker = Picker(self.shelf, contacts)
        now, was = (one.part_of(picker.pick(one.snapshot)) for one in (self.now, self.was))
        return now, was
