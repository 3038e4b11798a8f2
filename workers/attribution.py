"""Makes attribution runs, and keeps those of the usual windows fresh."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.orm import Session

from core import settings
from core.attribution.engines import Engine, require_engine
from core.attribution.execution import execute_run, fail_run
from core.attribution.runs import PRESETS, add_run, is_fresh, preset_options
from core.attribution.spark.passes import SparkFailed
from core.db import reading
from core.errors import Conflict, Invalid
from core.jobs.running import RunningJob
from core.lake.manifest import take_snapshot


def run(job: RunningJob) -> None:
    """The run that somebody asked for."""
    assert job.tenant_id is not None
    run_id = uuid.UUID(str(job.args["run"]))
    try:
        execute_run(job.tenant_id, run_id, door=lambda: _step_of(job))
    except (Conflict, Invalid, SparkFailed) as error:
        with job.step() as step:
            fail_run(step.session, run_id, error.message)
            step.finish({"run": str(run_id)})
        return
    with job.step() as step:
        step.finish({"run": str(run_id)})


def refresh(job: RunningJob) -> None:
    """The runs of 7, 30, 90 days and all time, where the lake or the day has moved on.

    A full run leaves its sums, so that the next refresh of this day need count changed contacts only. A refresh that
    was interrupted goes on with the run that it had begun."""
    assert job.tenant_id is not None
    require_engine(Engine(settings.current().attribution_engine))
    made = 0
    for preset in PRESETS:
        with reading(job.tenant_id) as session:
            options = preset_options(session, preset)
            fresh = is_fresh(session, preset, options, generation=take_snapshot(session).generation)
        if fresh:
            continue
        if preset not in job.checkpoint:
            with job.step() as step:
                step.checkpoint[preset] = str(add_run(step.session, options, preset=preset).id)
        run = execute_run(job.tenant_id, uuid.UUID(str(job.checkpoint[preset])), door=lambda: _step_of(job))
        if run is not None:
            run.keep()
        made += 1
    with job.step() as step:
        step.finish({"runs": made})


def _step_of(job: RunningJob) -> AbstractContextManager[Session]:
    @contextmanager
    def door() -> Iterator[Session]:
        with job.step() as step:
            yield step.session

    return door()
