"""From journeys to credits: one pass over the parts for counts and touch models, a solve, and one over the journeys of
orders to spread channel totals over cells.

Parts are worked on by as many threads as there are cores (the array functions let go of the interpreter) and added up
in the order they come, so that the result does not depend on how many threads there were.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from threading import Lock
from typing import Protocol

from core.attribution.counting import count_neighbours, solve
from core.attribution.journeys import Ints, Journeys, laid_together
from core.attribution.model_kinds import AnyModel, ChannelEffects, channel_models
from core.attribution.parts import Part
from core.attribution.pool import cores, map_in_order
from core.attribution.results import NO_CELLS, CellSums, Credits
from core.attribution.spreading import count_touches, find_orphans, split_totals, spread
from core.attribution.sums import Sums, add_all
from core.attribution.tally import Tally, add_tallies

KEPT_BYTES = 160_000_000
"""Journeys of orders up to this size are kept for the second pass; those of further parts are read again."""

TOGETHER_TOUCHES = 350_000
"""Journeys are spread by so many touches at a time: the larger the arrays, the less threads wait for each other."""

NEIGHBOURS, MANY_PARTS = 2, 16
"""So many parts are counted together, for the same reason, where there are enough to keep several threads at work."""

Source = Callable[[], Part]
"""Reads or makes one part; called up to three times."""


class Passes(Protocol):
    """How all parts are gone over: by threads here, by executors elsewhere. Sums are added in the parts' order."""

    def count(self) -> Tally:
        """What the models need."""

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """See `spreading.spread`; called after `count`, when there is anything to spread."""

    def count_touches(self, channels: Ints) -> Sums:
        """See `spreading.count_touches`; called only for channels without a place in any order's journey."""


def attribute(
    sources: Sequence[Source],
    *,
    models: Mapping[str, AnyModel],
    channels: int,
    width: int,
    threads: int | None = None,
    tick: Callable[[int], None] = lambda done: None,
) -> Credits:
    """Credits of `models`, named as in the mapping.

    Args:
        channels: how many there are.
        width: cells of a channel; cell // width is its channel.
        threads: as many as there are cores when None.
        tick: told how many parts are counted, once the first are begun and after each.
    """
    some = beside_each_other(sources)
    passes = _ThreadPasses(some, _Counting(models, channels), min(threads or cores(), len(some)), tick)
    return credit(passes, models=models, channels=channels, width=width)


def beside_each_other(sources: Sequence[Source]) -> list[Sequence[Source]]:
    """The sources by those that are counted together; how many there are decides, not who counts them."""
    step = NEIGHBOURS if len(sources) >= MANY_PARTS else 1
    return [sources[place : place + step] for place in range(0, len(sources), step)]


def credit(passes: Passes, *, models: Mapping[str, AnyModel], channels: int, width: int) -> Credits:
    """The same by any passes over the parts, which were made for these models."""
    tally = passes.count()
    effects = solve(tally, models=models, channels=channels)
    cells = rule_cells(tally)
    if effects:
        found = passes.spread(effects)
        lonely = find_orphans(found, effects=effects, width=width)
        touches = passes.count_touches(lonely) if len(lonely) else found.nothing()
        cells |= split_totals(found, touches, effects=effects, tally=tally, width=width)
    return Credits({name: cells.get(name, NO_CELLS) for name in models}, effects, tally)


def rule_cells(tally: Tally) -> dict[str, CellSums]:
    """The credits of the touch models."""
    if not tally.sums:
        return {}
    cells = tally.sums["cells"]
    return {
        name: CellSums(cells.key, cells.amounts[2 * row], cells.amounts[2 * row + 1])
        for row, name in enumerate(tally.touch_models)
    }


@dataclass
class _Counting:
    """The first pass over one part; hands the journeys of its orders on while there is room for them."""

    models: Mapping[str, AnyModel]
    channels: int
    room: int = KEPT_BYTES
    lock: Lock = field(default_factory=Lock)

    def __call__(self, some: Sequence[Source]) -> tuple[Tally, Journeys | None]:
        parts = (source() for source in some)
        tally, journeys = count_neighbours(parts, models=self.models, channels=self.channels)
        return tally, self._kept(journeys)

    def _kept(self, journeys: Journeys) -> Journeys | None:
        if not channel_models(self.models):
            return None
        slim = journeys.without_instants()
        with self.lock:
            self.room -= slim.nbytes
            return slim if self.room >= 0 else None


@dataclass
class _ThreadPasses:
    """Passes by threads of this process."""

    sources: Sequence[Sequence[Source]]
    counting: _Counting
    threads: int
    tick: Callable[[int], None]
    kept: list[Journeys | None] = field(default_factory=list)

    def count(self) -> Tally:
        return add_tallies(self._counted())

    def _counted(self) -> Iterator[Tally]:
        # Whoever is told writes it down; the threads need not wait for that.
        counted = map_in_order(self.counting, self.sources, threads=self.threads, begun=lambda: self.tick(0))
        done = 0
        for some, (tally, journeys) in zip(self.sources, counted, strict=True):
            self.kept.append(journeys)
            done += len(some)
            self.tick(done)
            yield tally

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        given = zip(self.sources, self.kept, strict=True)
        return add_all(map_in_order(partial(_spread_some, effects), _in_groups(given), threads=self.threads))

    def count_touches(self, channels: Ints) -> Sums:
        each = chain.from_iterable(self.sources)
        return add_all(map_in_order(partial(_count_orphans, channels), each, threads=self.threads))


def _count_orphans(channels: Ints, source: Source) -> Sums:
    return count_touches(source(), channels=channels)


Kept = tuple[Sequence[Source], Journeys | None]


def _in_groups(given: Iterable[Kept]) -> Iterator[list[Kept]]:
    """Neighbours together, by what they have and not by how many threads there are."""
    group: list[Kept] = []
    for one in given:
        group.append(one)
        if one[1] is None or sum(len(kept.channel) for _, kept in group if kept) >= TOGETHER_TOUCHES:
            yield group
            group = []
    if group:
        yield group


def _spread_some(effects: Mapping[str, ChannelEffects], group: Sequence[Kept]) -> Sums:
    found = [laid_together([source().journeys for source in some]) if kept is None else kept for some, kept in group]
    return spread(laid_together(found), effects=effects)
