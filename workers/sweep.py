"""Forgets ended jobs of no tenant after a week; a tenant's jobs stay on its jobs page for ninety days."""

from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.jobs.models import NOBODY, Job
from core.jobs.running import RunningJob

A_STEP = 1_000


def run(job: RunningJob) -> None:
    """Delete what is old enough, a thousand at a time."""
    for owned, days in ((Job.owner == NOBODY, 7), (Job.owner != NOBODY, 90)):
        old = sa.and_(owned, Job.state.in_(("done", "cancelled")), Job.finished_at < clock.now() - timedelta(days))
        some = sa.select(Job.id).where(old).limit(A_STEP)
        swept = A_STEP
        while swept == A_STEP:
            with job.step() as step:
                gone = step.session.scalars(sa.delete(Job).where(Job.id.in_(some)).returning(Job.id))
                swept = len(gone.all())
