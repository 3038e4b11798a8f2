"""Who works the kernel over a lake's buckets: threads of this process, or Spark's executors. The answer is the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from core.attribution.engine import attribute, credit
from core.attribution.lake_journeys import LakeBucket
from core.attribution.model_kinds import AnyModel
from core.attribution.results import Credits
from core.attribution.spark.passes import SparkPasses
from core.attribution.spark.sessions import require_spark
from core.lake.copying import share_snapshot
from core.lake.manifest import Snapshot


class Engine(StrEnum):
    """Of a run."""

    LOCAL = "local"
    SPARK = "spark"


def attribute_lake(
    engine: Engine,
    sources: Sequence[LakeBucket],
    *,
    snapshot: Snapshot,
    models: Mapping[str, AnyModel],
    channels: int,
    width: int,
    tick: Callable[[int], None],
) -> Credits:
    """Credits of the models over all buckets. snapshot: theirs; the rest as `engine.attribute` has it.

    Raises:
        SparkMissing: Spark is asked for and cannot be started here.
        SparkFailed: it could not do the work.
        BrokenModel: a plugin's model did not give what it must.
    """
    if engine is Engine.LOCAL:
        return attribute(sources, models=models, channels=channels, width=width, tick=tick)
    root = share_snapshot(snapshot).root
    shared = [replace(one, snapshot=replace(one.snapshot, root=root)) for one in sources]
    passes = SparkPasses(shared, models, channels, tick)
    return credit(passes, models=models, channels=channels, width=width)


def require_engine(engine: Engine) -> None:
    """Raise `SparkMissing` if Spark is asked for and what it needs is not installed here."""
    if engine is Engine.SPARK:
        require_spark()
