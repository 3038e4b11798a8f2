"""Counts the lake of a tenant for its dashboards."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from core.insights.counting import refresh_cube
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """One cube, replaced in one step."""
    assert job.tenant_id is not None

    @contextmanager
    def door() -> Iterator[Session]:
        with job.step() as step:
            yield step.session

    counted = refresh_cube(job.tenant_id, door=door)
    with job.step() as step:
        step.finish({"counted": counted})
