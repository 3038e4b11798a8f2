"""The same run by Spark on this machine: cold, warm, beside the threads, and whether both say the same."""

import os

import numpy as np
import sqlalchemy as sa

from benchmarks.attribution.brand import make_run, open_home
from benchmarks.attribution.measuring import Measured, best_of
from benchmarks.attribution.tasks import TENANT, Size
from core.attribution.engines import Engine
from core.attribution.models import AttributionCredit, AttributionRun
from core.attribution.packing import CreditColumns
from core.attribution.spark.sessions import SparkMissing, require_spark, stop_spark
from core.db import reading

CORES = 2


def spark(size: Size) -> Measured:
    """Wall is that of a warm run; what Java and the executors take besides is not in CPU and peak."""
    os.environ["SIYU_SPARK_MASTER"] = f"local[{CORES}]"
    open_home(size.folder)
    make_run(TENANT)
    local, made = best_of(3, lambda: make_run(TENANT))
    cold, _ = best_of(1, lambda: make_run(TENANT, engine=Engine.SPARK))
    make_run(TENANT, engine=Engine.SPARK)
    warm, spread = best_of(5, lambda: make_run(TENANT, engine=Engine.SPARK))
    stop_spark()
    warm.told = {"cold": cold.wall, "local": local.wall, "apart": _apart(made, spread)}
    return warm


def can_spark() -> str | None:
    """Why not, or nothing."""
    try:
        require_spark()
    except SparkMissing as missing:
        return missing.message
    return None


def spark_line(measured: Measured) -> str:
    """What is said of it."""
    told = measured.told
    return (
        f"- Spark `local[{CORES}]`: warm {measured.wall:.2f} s, {measured.wall / told['local']:.1f}x the wall of the "
        f"threads in the same process ({told['local']:.2f} s); cold, with the start of Java, {told['cold']:.1f} s; "
        f"largest difference {told['apart']:.1e} of a model's total"
    )


def _apart(one: AttributionRun, other: AttributionRun) -> float:
    """The largest difference between the runs' cells, as a part of the model's total."""
    mine, theirs = _stored(one), _stored(other)
    assert mine.keys() == theirs.keys(), "both made the same models"
    found = 0.0
    for model, cells in mine.items():
        for name in ("channel", "placement", "day"):
            np.testing.assert_array_equal(getattr(cells, name), getattr(theirs[model], name))
        for name in ("conversions", "value"):
            here, there = getattr(cells, name), getattr(theirs[model], name)
            found = max(found, float(np.abs(here - there).max(initial=0.0) / max(here.sum(), 1.0)))
    return found


def _stored(run: AttributionRun) -> dict[str, CreditColumns]:
    with reading(TENANT) as session:
        rows = session.scalars(sa.select(AttributionCredit).where(AttributionCredit.run_id == run.id))
        return {row.model: CreditColumns.from_bytes(row.cells) for row in rows}
