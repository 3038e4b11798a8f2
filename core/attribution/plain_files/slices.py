"""A part cut into slices on disk, for Spark's executors on this machine."""

import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from core import settings
from core.attribution.engine import attribute, credit
from core.attribution.engines import Engine
from core.attribution.journeys import Ints, Journeys, Paths, SmallInts
from core.attribution.model_kinds import AnyModel
from core.attribution.parts import Groups, Part
from core.attribution.results import Credits
from core.attribution.spark.passes import SparkPasses
from core.attribution.spark.sessions import require_spark
from core.errors import Invalid

SLICES = 16


@dataclass(frozen=True, slots=True)
class KeptSlice:
    """A source of one slice."""

    path: Path

    def __call__(self) -> Part:
        """Read it."""
        with self.path.open("rb") as file:
            paths, journeys, cells, groups, besides = pickle.load(file)  # noqa: S301 - written by `keep_slices` in a folder of this user
        return Part(paths, journeys, partial(_known, cells), besides, groups)


def attribute_part(part: Part, *, engine: Engine, models: Mapping[str, AnyModel], channels: int, width: int) -> Credits:
    """Credits of one part.

    Raises:
        SparkMissing: pyspark or Java is not here.
        Invalid: Spark is told to work on other machines, which do not see the files.
    """
    if engine is Engine.LOCAL:
        return attribute([lambda: part], models=models, channels=channels, width=width)
    require_spark()
    if not settings.current().spark_master.startswith("local"):
        raise Invalid(
            "--engine spark reads files of this machine: set SIYU_SPARK_MASTER=local[*], or import the files."
        )
    with keep_slices(part) as sources:
        return credit(SparkPasses(sources, models, channels), models=models, channels=channels, width=width)


@contextmanager
def keep_slices(part: Part) -> Iterator[list[Callable[[], Part]]]:
    """Sources of the slices, while the block lasts."""
    cells = part.cells()
    of_paths, of_journeys = (
        np.linspace(0, len(one), SLICES + 1).astype(np.int64) for one in (part.paths, part.journeys)
    )
    with tempfile.TemporaryDirectory(prefix="siyu-slices-") as folder:
        sources: list[Callable[[], Part]] = []
        for number in range(SLICES):
            source = KeptSlice(Path(folder) / str(number))
            (begin, end), mine = of_paths[number : number + 2], of_journeys[number : number + 2]
            paths = Paths(
                *_cut(part.paths.starts, part.paths.channel, begin, end),
                part.paths.conversions[begin:end],
                part.paths.nulls[begin:end],
                part.paths.value[begin:end],
                part.paths.once,
            )
            touches = slice(part.paths.starts[begin], part.paths.starts[end])
            groups = part.groups and Groups(part.groups.paths[begin:end], part.groups.journeys[slice(*mine)])
            # What the source adds of its own is not of single journeys: the first slice carries it for all.
            kept = paths, _some(part.journeys, *mine), cells[touches], groups, {} if number else dict(part.besides)
            with source.path.open("wb") as file:
                pickle.dump(kept, file, protocol=pickle.HIGHEST_PROTOCOL)
            sources.append(source)
        yield sources


def _bounds(count: int) -> Ints:
    return np.linspace(0, count, SLICES + 1).astype(np.int64)


def _some(journeys: Journeys, begin: int, end: int) -> Journeys:
    starts = journeys.starts
    touches = slice(starts[begin], starts[end])
    return Journeys(
        *_cut(starts, journeys.channel, begin, end),
        journeys.cell[touches],
        journeys.at[touches],
        journeys.ordered_at[begin:end],
        journeys.conversions[begin:end],
        journeys.value[begin:end],
        None if journeys.weight is None else journeys.weight[touches],
    )


def _cut(starts: Ints, channel: SmallInts, begin: int, end: int) -> tuple[Ints, SmallInts]:
    return starts[begin : end + 1] - starts[begin], channel[starts[begin] : starts[end]]


def _known(cells: SmallInts) -> SmallInts:
    return cells
