"""What travels to an executor and what it does there: the kernel, over some of the sources, one tally back for each.

Nothing here knows Spark, so that it can be tried without.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, TypeVar

import pyarrow as pa

from core.attribution.counting import count_neighbours
from core.attribution.journeys import Ints, laid_together
from core.attribution.model_kinds import AnyModel, ChannelEffects, channel_models
from core.attribution.parts import Part
from core.attribution.plugin_models import MODEL_SECONDS, BrokenModel
from core.attribution.spark.shelf import Shelf
from core.attribution.spreading import count_touches, spread
from core.attribution.sums import Sums, add_all
from core.attribution.tally import Tally, add_tallies
from core.lake.memory import kept_memory
from core.plugin_host.guard import Escaped, Overrun, run_guarded

SCHEMA = "place bigint, tally binary, broken string, reason string"
"""What comes back, in Spark's words: the place of a group and its tally, or the model that broke."""
ONLY = "sums"

Source = Callable[[], Part]
Result = TypeVar("Result")


class Work(Protocol):
    """What is done with neighbouring sources; travels as it is."""

    def __call__(self, sources: Sequence[Source], number: int, shelf: Shelf) -> Tally:
        """Their tally. number: theirs, among all neighbours."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One pass. neighbours: lists of sources that are worked on together, pickled by the driver, as the work is, and
    carried by Spark as its own code is; group: how many of these lists are added up to one tally before it is sent
    back; release: of Siyu, which the executor must have, too; run_name: the same for all passes of a run."""

    neighbours: bytes
    work: bytes
    group: int
    release: str
    run_name: str

    def run(self, batches: Iterator[pa.RecordBatch], *, room: Path) -> Iterator[pa.RecordBatch]:
        """For each place in the column `id` one row of SCHEMA. room: a folder for what the next pass can use."""
        if self.release != release():
            raise RuntimeError(f"the executors have Siyu {release()}, the worker {self.release}: install the same")
        neighbours: Sequence[Sequence[Source]] = pickle.loads(self.neighbours)  # noqa: S301 - see above
        work: Work = pickle.loads(self.work)  # noqa: S301 - see above
        shelf = Shelf(room, self.run_name)
        shelf.clear_others()
        # The process does the next pass, too, or another run's: it keeps its memory.
        with kept_memory(hand_back=False):
            for batch in batches:
                for place in batch["id"].to_pylist():
                    numbers = range(len(neighbours))[place * self.group : (place + 1) * self.group]
                    yield _row(place, (partial(work, neighbours[number], number, shelf) for number in numbers))


@dataclass(frozen=True, slots=True)
class Count:
    """The first pass. models: each pickled by itself, so that one that cannot be opened is known by its name."""

    models: Mapping[str, bytes]
    channels: int

    def __call__(self, sources: Sequence[Source], number: int, shelf: Shelf) -> Tally:
        models = {name: _opened(name, packed) for name, packed in self.models.items()}
        parts = (source() for source in sources)
        tally, journeys = count_neighbours(parts, models=models, channels=self.channels)
        if channel_models(models):
            shelf.put(number, journeys.without_instants())
        return tally


@dataclass(frozen=True, slots=True)
class Spread:
    """The second pass."""

    effects: Mapping[str, ChannelEffects]

    def __call__(self, sources: Sequence[Source], number: int, shelf: Shelf) -> Tally:
        journeys = shelf.get(number)
        if journeys is None:
            journeys = laid_together([source().journeys for source in sources]).without_instants()
        return _tally_of(spread(journeys, effects=self.effects))


@dataclass(frozen=True, slots=True)
class Touch:
    """The pass for channels that no order's journey shows where to put."""

    channels: Ints

    def __call__(self, sources: Sequence[Source], number: int, shelf: Shelf) -> Tally:
        return _tally_of(add_all(count_touches(source(), channels=self.channels) for source in sources))


def pack_models(models: Mapping[str, AnyModel]) -> dict[str, bytes]:
    """Each model as it travels.

    Raises:
        BrokenModel: it cannot.
    """
    return {name: _packed(name, model) for name, model in models.items()}


def sums_of(tally: Tally) -> Sums:
    """What `Spread` and `Touch` counted."""
    return tally.sums[ONLY]


@cache
def release() -> str:
    """Of the Siyu in this process."""
    return version("siyu")


def _tally_of(sums: Sums) -> Tally:
    return Tally((), {ONLY: sums})


def _packed(name: str, model: AnyModel) -> bytes:
    return _guarded(name, "cannot travel to Spark's executors", lambda: pickle.dumps(model))


@cache
def _opened(name: str, packed: bytes) -> AnyModel:
    model: AnyModel = _guarded(name, "is not installed on Spark's executors", lambda: pickle.loads(packed))  # noqa: S301 - see Errand
    return model


def _guarded(name: str, failing: str, work: Callable[[], Result]) -> Result:
    """Pickling runs a plugin's own code."""
    try:
        return run_guarded(work, seconds=MODEL_SECONDS, name=name)
    except Overrun as error:
        raise BrokenModel(name, failing) from error
    except Escaped as error:
        raise BrokenModel(name, f"{failing} ({type(error.cause).__name__})") from error


def _row(place: int, works: Iterable[Callable[[], Tally]]) -> pa.RecordBatch:
    try:
        tally = add_tallies(work() for work in works)
    except BrokenModel as broken:
        return _as_row(place, b"", broken.name, broken.reason)
    return _as_row(place, tally.to_bytes(), None, None)


def _as_row(place: int, tally: bytes, broken: str | None, reason: str | None) -> pa.RecordBatch:
    columns = {
        "place": pa.array([place], pa.int64()),
        "tally": pa.array([tally], pa.binary()),
        "broken": pa.array([broken], pa.string()),
        "reason": pa.array([reason], pa.string()),
    }
    return pa.record_batch(columns)
