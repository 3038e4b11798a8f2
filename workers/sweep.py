"""Forgets ended jobs of no tenant after a week; a tenant's jobs stay on its jobs page for ninety days."""

from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.jobs.models import NOBODY, Job
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """Delete in one step what is old enough."""
    with job.step() as step:
        for owned, days in ((Job.owner == NOBODY, 7), (Job.owner != NOBODY, 90)):
            old = sa.and_(owned, Job.state.in_(("done", "cancelled")), Job.finished_at < clock.now() - timedelta(days))
            step.session.execute(sa.delete(Job).where(old))
        step.finish()
