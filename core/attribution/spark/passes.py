"""The passes over a lake's buckets by Spark's executors, several buckets a task."""

import pickle
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from core.attribution.engine import beside_each_other
from core.attribution.journeys import Ints
from core.attribution.model_kinds import AnyModel, ChannelEffects
from core.attribution.plugin_models import BrokenModel
from core.attribution.spark.errands import (
    SCHEMA,
    Count,
    Errand,
    Source,
    Spread,
    Touch,
    Work,
    pack_models,
    release,
    sums_of,
)
from core.attribution.spark.sessions import spark_session
from core.attribution.sums import Sums, add_all
from core.attribution.tally import Tally, add_tallies
from core.db import new_id
from core.errors import Unavailable
from core.lake.memory import settle_modules

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BUCKETS_A_TASK = 16
"""At most: what is done again when an executor is lost. Starting a task costs as much as counting a million touches,
so with few buckets there are only as many tasks as cores."""
MOST_TALLIES = 256
"""That come back from a pass: one of the sources that are counted together. The driver adds them up in their order.
Of more, neighbours are added up by the executor, whatever task they are in."""
POLL_SECONDS = 0.25

_groups = count(1)


class SparkFailed(Unavailable):
    """Spark could not make the pass."""

    code = "spark_failed"


@dataclass(frozen=True)
class SparkPasses:
    """The passes of `engine.Passes`. sources: picklable, and readable where the executors are; tick: told how many
    sources are counted; what it raises ends the pass."""

    sources: Sequence[Source]
    models: Mapping[str, AnyModel]
    channels: int
    tick: Callable[[int], None] = lambda done: None
    run_name: str = field(default_factory=lambda: new_id().hex)

    def count(self) -> Tally:
        """See there."""
        return add_tallies(self._tallies(Count(pack_models(self.models), self.channels), self.tick))

    def spread(self, effects: Mapping[str, ChannelEffects]) -> Sums:
        """See there."""
        return self._sums(Spread(effects))

    def count_touches(self, channels: Ints) -> Sums:
        """See there."""
        return self._sums(Touch(channels))

    def _sums(self, work: Work) -> Sums:
        return add_all(map(sums_of, self._tallies(work, lambda done: self.tick(len(self.sources)))))

    def _tallies(self, work: Work, tick: Callable[[int], None]) -> Iterator[Tally]:
        """Of each group of neighbours, in their order."""
        if not self.sources:
            return iter(())
        neighbours = beside_each_other(self.sources)
        group = -(-len(neighbours) // MOST_TALLIES)
        errand = Errand(pickle.dumps(neighbours), pickle.dumps(work), group, release(), self.run_name)
        places = -(-len(neighbours) // group)
        tasks = -(-len(self.sources) // BUCKETS_A_TASK)
        rows = _made(errand, places, tasks, lambda share: tick(int(share * len(self.sources)))).sort_by("place")
        for name, reason in zip(rows["broken"].to_pylist(), rows["reason"].to_pylist(), strict=True):
            if name is not None:
                raise BrokenModel(name, reason)
        return (Tally.from_bytes(packed.as_py()) for packed in rows["tally"])


def _made(errand: Errand, places: int, tasks: int, tick: Callable[[float], None]) -> pa.Table:
    """tasks: at least so many, where there is as much to do."""
    session = spark_session()
    tasks = min(places, max(session.sparkContext.defaultParallelism, tasks))

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import SparkFiles  # here, since this function is what travels

        yield from errand.run(batches, room=Path(SparkFiles.getRootDirectory()))
        settle_modules()

    with _pandas_accepted():
        frame = session.range(0, places, 1, tasks).mapInArrow(work, SCHEMA)
        return _watched(session, frame.toArrow, tick)


def _watched(session: "SparkSession", action: Callable[[], pa.Table], tick: Callable[[float], None]) -> pa.Table:
    """Run the action in a thread of its own, and tell how far it is; what `tick` raises ends it.

    Raises:
        SparkFailed: in one line.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    context, name = session.sparkContext, f"siyu-{next(_groups)}"

    def run() -> pa.Table:
        context.setJobGroup(name, "attribution", interruptOnCancel=True)
        return action()

    with ThreadPoolExecutor(1, thread_name_prefix=name) as pool:
        made = pool.submit(run)
        try:
            while not wait([made], POLL_SECONDS).done:
                tick(_share_done(session, name))
            tick(1.0)
        except BaseException:
            context.cancelJobGroup(name)
            raise
        try:
            return made.result()
        except (PySparkException, Py4JError, OSError) as error:
            raise SparkFailed(f"Spark: {_told(error)}") from error


def _share_done(session: "SparkSession", name: str) -> float:
    status = session.sparkContext.statusTracker()
    jobs = [status.getJobInfo(job) for job in status.getJobIdsForGroup(name)]
    stages = [status.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    known = [stage for stage in stages if stage]
    return sum(stage.numCompletedTasks for stage in known) / max(1, sum(stage.numTasks for stage in known))


def _told(error: Exception) -> str:
    """The line of a long report that says what happened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if any("No module named 'core'" in line for line in lines):
        return f"the executors have no Siyu; install siyu {release()} in their Python"
    telling = [line for line in lines if "Error" in line or "Exception" in line]
    return (telling[-1:] or lines[:1] or [type(error).__name__])[0][:300]


@contextmanager
def _pandas_accepted() -> Iterator[None]:
    """PySpark warns of pandas 3; these frames hold no pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield
