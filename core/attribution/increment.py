"""An increment: an earlier run's sums without what changed contacts gave to them, and with what they give now.

Counts are whole numbers and come out the same as by counting everybody; amounts differ in their last digits. Where a
rest of those digits would count for something (an amount that is gone but for 1e-13), whole numbers decide.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.attribution.blas import few_blas_threads
from core.attribution.counting import count_journeys
from core.attribution.groups import BY_GROUP
from core.attribution.journeys import Ints, Journeys
from core.attribution.kept import KeptRun
from core.attribution.lake_journeys import LakeBucket
from core.attribution.model_kinds import AnyModel, ChannelEffects
from core.attribution.parts import Part
from core.attribution.pool import map_in_order
from core.attribution.spreading import count_touches, spread
from core.attribution.sums import Places, Sums, add_all
from core.attribution.tally import Tally
from core.lake.facts import bucket_of
from core.lake.picking import Picker, Shelf

GROUP_BITS = 1
"""Changed contacts are counted in two groups: each costs a few milliseconds of its own."""
WHOLE_AMOUNTS = ("paths", "ends", "coalitions")
"""Sums of orders' values, which are whole numbers of minor units; their names by group end alike."""


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """Some changed contacts, as they were and as they are. was, now: any bucket of either snapshot,
    with its options."""

    contacts: NDArray[np.int32]
    was: LakeBucket
    now: LakeBucket
    shelf: Shelf

    def __call__(self) -> tuple[Part, Part]:
        """Their journeys then, and now."""
        picker = Picker(self.shelf, self.contacts)
        was, now = (one.part_of(picker.pick(one.snapshot)) for one in (self.was, self.now))
        return was, now


@dataclass(frozen=True, slots=True)
class _Counted:
    """One side of a group."""

    part: Part
    tally: Tally
    journeys: Journeys


@dataclass
class Increment:
    """The passes of a run that looks at changed contacts only.

    channels: how many; width: cells of a channel; minor: minor units in a major one; people: the changed contacts.
    """

    kept: KeptRun
    groups: list[ChangedGroup]
    models: Mapping[str, AnyModel]
    channels: int
    width: int
    minor: int
    threads: int
    counted: list[tuple[_Counted, _Counted]] = field(default_factory=list)

    def count(self) -> Tally:
        """All sums. What is new goes in before the old goes out, so that no key is lost between."""
        self.counted = list(map_in_order(self._count, self.groups, threads=self.threads))
        was, now = self._sides()
        tally = sum((one.tally for one in now), self.kept.tally)
        return whole_amounts(tally - sum((one.tally for one in was), Tally()), minor=self.minor)

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """Of the journeys of all orders."""
        sides = [one.journeys for pair in self.counted for one in pair]
        work: list[Callable[[], Sums]] = [partial(block.spread, effects) for block in self.kept.patterns]
        work += [partial(spread, replace(journeys), effects=effects) for journeys in sides]
        with few_blas_threads(len(effects)):
            made = list(map_in_order(_call, work, threads=self.threads))
        blocks, pairs = made[: len(self.kept.patterns)], made[len(self.kept.patterns) :]
        found = add_all([*blocks, *pairs[1::2]]) - add_all(pairs[::2])
        worth = self._alive().count(1, found.key) > 0
        amounts = found.amounts.copy()
        amounts[1::2] *= worth  # a cell without any order of value keeps no rest of one
        return replace(found, amounts=amounts)

    def count_touches(self, channels: Ints) -> Sums:
        """Of these channels, by cell."""
        mine = np.isin(self.kept.met.key // self.width, channels)
        met = Sums(self.kept.met.key[mine], self.kept.met.counts[:, mine], self.kept.met.amounts[:, mine])
        was, now = self._sides()
        gone, come = ([count_touches(one.part, channels=channels) for one in side] for side in (was, now))
        return add_all([met, *come]) - add_all(gone)

    def _count(self, group: ChangedGroup) -> tuple[_Counted, _Counted]:
        was, now = (
            _Counted(part, count_journeys(part, models=self.models, channels=self.channels), _slim(part.journeys))
            for part in group()
        )
        return was, now

    def _sides(self) -> tuple[list[_Counted], list[_Counted]]:
        return [was for was, _ in self.counted], [now for _, now in self.counted]

    def _alive(self) -> Sums:
        was, now = ([count_alive(one.journeys) for one in side] for side in self._sides())
        return add_all([self.kept.alive, *now]) - add_all(was)


def group_contacts(contacts: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    """By the hash that chooses a bucket, so that a group's rows lie in a part of the buckets; at least one group."""
    home = bucket_of(contacts, bits=GROUP_BITS)
    groups = [contacts[home == one] for one in range(1 << GROUP_BITS)]
    yield from [group for group in groups if len(group)] or [contacts]


def count_alive(journeys: Journeys) -> Sums:
    """By cell: touches of orders, and touches of orders that are worth something (counts)."""
    places = Places.of(journeys.cell)
    worth = journeys.spread((journeys.value > 0).astype(np.int64))
    return places.sums([places.times(), places.count(worth)], [])


def whole_amounts(tally: Tally, *, minor: int) -> Tally:
    """With values of orders rounded to whole minor units: what adding and taking out left in the last digits goes."""
    whole = {
        name: replace(sums, amounts=np.rint(sums.amounts * minor) / minor)
        for name, sums in tally.sums.items()
        if name.removeprefix(BY_GROUP) in WHOLE_AMOUNTS
    }
    return replace(tally, sums={**tally.sums, **whole})


def _slim(journeys: Journeys) -> Journeys:
    return journeys.without_instants()


def _call(work: Callable[[], Sums]) -> Sums:
    return work()
