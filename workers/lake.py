"""Brings the lake of a tenant up to date, then has the dashboards and the standing attribution runs follow it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.lake.compaction import Door, compact_lake
from core.lake.flush import flush_lake
from core.tenants.models import Tenant

FOLLOWERS = ("insights.refresh", "attribution.refresh")


def run(job: RunningJob) -> None:
    """Each publication is a step of its own; the files are written outside of it."""
    assert job.tenant_id is not None
    flushed = flush_lake(job.tenant_id, door=_steps_of(job))
    with job.step() as step:
        for kind in FOLLOWERS:
            submit(step.session, kind, {}, tenant_id=job.tenant_id, coalesce="")
        step.finish(asdict(flushed))


def run_compact(job: RunningJob) -> None:
    """After an erasure: drop the rows, then write every file anew, so that the old ones go when their grace is over."""
    assert job.tenant_id is not None
    flush_lake(job.tenant_id, door=_steps_of(job))
    generation = compact_lake(job.tenant_id, door=_steps_of(job), everything=True)
    with job.step() as step:
        step.finish({"generation": generation})


def run_all(job: RunningJob) -> None:
    """A flush for every tenant, for rows that were not settled when their own flush ran."""
    with job.step() as step:
        for number in step.session.scalars(sa.select(Tenant.number)):
            submit(step.session, "lake.flush", {}, tenant_id=number, coalesce="")
        step.finish()


def _steps_of(job: RunningJob) -> Door:
    @contextmanager
    def door() -> Iterator[Session]:
        with job.step() as step:
            yield step.session

    return door
