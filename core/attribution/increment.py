"""An increment: an earlier run's sums without what changed contacts gave to them, and with what they give now.

Counts are whole numbers and come out the same as by counting everybody; amounts differ in their last digits. Where a
rest of those digits would count for something (an amount that is gone but for 1e-13), whole numbers decide.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from core.attribution.blas import few_blas_threads
from core.attribution.changed import Changed
from core.attribution.counting import count_journeys
from core.attribution.further import Contacts
from core.attribution.groups import BY_GROUP
from core.attribution.journeys import Ints, Journeys
from core.attribution.kept import KeptRun
from core.attribution.model_kinds import AnyModel, ChannelEffects
from core.attribution.parts import Part
from core.attribution.pool import map_in_order
from core.attribution.spreading import count_touches, spread
from core.attribution.sums import Places, Sums, add_all
from core.attribution.tally import Tally
from core.lake.facts import TouchFacts

WHOLE_AMOUNTS = ("paths", "ends", "coalitions")
"""Sums of orders' values, which are whole numbers of minor units; their names by group end alike."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Some contacts now, or then. journeys: those of orders that differ; touched: see `spreading.count_touches`; none
    where there is nothing to count."""

    tally: Tally
    journeys: Journeys | None = None
    touched: Callable[[Ints], Sums] | None = None


@dataclass
class Increment:
    """The passes of a run that looks at changed contacts only.

    channels: how many; width: cells of a channel; minor: minor units in a major one; now, was: what was counted.
    """

    kept: KeptRun
    changed: Changed
    models: Mapping[str, AnyModel]
    channels: int
    width: int
    minor: int
    threads: int
    now: list[_Counted] = field(default_factory=list)
    was: list[_Counted] = field(default_factory=list)

    def count(self) -> Tally:
        """All sums. What is new goes in before the old goes out, so that no key is lost between."""
        others = [self.changed.others]
        for pair, refused in map_in_order(self._count_further, self.changed.parted(), threads=self.threads):
            self._keep(*pair)
            others.append(refused)
        for pair in map_in_order(self._count_again, self.changed.grouped(others), threads=self.threads):
            self._keep(*pair)
        tally = sum((one.tally for one in self.now), self.kept.tally)
        return whole_amounts(tally - sum((one.tally for one in self.was), Tally()), minor=self.minor)

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """Of the journeys of all orders."""
        now, was = self._journeys()
        work: list[Callable[[], Sums]] = [partial(block.spread, effects) for block in self.kept.patterns]
        work += [partial(spread, one, effects=effects) for one in (*now, *was)]
        with few_blas_threads(len(effects)):
            made = list(map_in_order(_call, work, threads=self.threads))
        nothing = Sums(np.empty(0, np.int64), np.empty((1, 0), np.int64), np.empty((2 * len(effects), 0)))
        gone = len(made) - len(was)
        found = add_all([nothing, *made[:gone]]) - add_all([nothing, *made[gone:]])
        worth = self._alive().count(1, found.key) > 0
        amounts = found.amounts.copy()
        amounts[1::2] *= worth  # a cell without any order of value keeps no rest of one
        return replace(found, amounts=amounts)

    def count_touches(self, channels: Ints) -> Sums:
        """Of these channels, by cell."""
        mine = np.isin(self.kept.met.key // self.width, channels)
        met = Sums(self.kept.met.key[mine], self.kept.met.counts[:, mine], self.kept.met.amounts[:, mine])
        come, gone = ([one.touched(channels) for one in side if one.touched] for side in (self.now, self.was))
        return add_all([met, *come]) - add_all([met.nothing(), *gone])

    def _keep(self, now: _Counted, was: _Counted) -> None:
        self.now.append(now)
        self.was.append(was)

    def _count_further(self, touches: TouchFacts) -> tuple[tuple[_Counted, _Counted], Contacts]:
        """Now and then, of those to whom only these came; and those of them to whom more happened than that."""
        further, refused = self.changed.find_further(touches)
        now, was = further.count(self.models, channels=self.channels)
        return (_Counted(now, touched=further.count_touches), _Counted(was)), refused

    def _count_again(self, contacts: Contacts) -> tuple[_Counted, _Counted]:
        """Now and then, of all that these contacts did."""
        now, was = (self._counted(part) for part in self.changed.parts_of(contacts))
        return now, was

    def _counted(self, part: Part) -> _Counted:
        tally = count_journeys(part, models=self.models, channels=self.channels)
        return _Counted(tally, part.journeys.without_instants(), partial(_touched, part))

    def _journeys(self) -> tuple[list[Journeys], list[Journeys]]:
        """Now, and then; copies, so that what they work out and remember goes with them."""
        now, was = ([replace(one.journeys) for one in side if one.journeys] for side in (self.now, self.was))
        return now, was

    def _alive(self) -> Sums:
        now, was = ([count_alive(one) for one in side] for side in self._journeys())
        return add_all([self.kept.alive, *now]) - add_all([self.kept.alive.nothing(), *was])


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


def _touched(part: Part, channels: Ints) -> Sums:
    return count_touches(part, channels=channels)


def _call(work: Callable[[], Sums]) -> Sums:
    return work()
