"""Kinds that are asked for without end are begun no more often than their pause: what comes meanwhile is one job.

Each run costs a fresh process; in haste, a run for every few events would take the machine from those who send them.
The dispatcher of a process remembers; after a restart the first run of each kind simply comes a little earlier.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.jobs.kinds import KINDS
from core.jobs.models import Job


class Pauses:
    """When each tenant's job of a kind with a pause was last begun."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, int], datetime] = {}

    def note(self, job: Job, now: datetime) -> None:
        """Remember that this job begins now."""
        kind = KINDS.get(job.kind)  # one of another version is unknown here
        if kind is not None and kind.pause:
            self._begun[job.kind, job.owner] = now

    def over(self, now: datetime) -> sa.ColumnElement[bool]:
        """Whether nothing of the job's kind and tenant was begun just now, as a condition on jobs."""
        self._begun = {
            (kind, owner): at
            for (kind, owner), at in self._begun.items()
            if now - at < timedelta(seconds=KINDS[kind].pause)
        }
        resting: dict[str, list[int]] = {}
        for kind, owner in self._begun:
            resting.setdefault(kind, []).append(owner)
        busy = [sa.and_(Job.kind == kind, Job.owner.in_(owners)) for kind, owners in sorted(resting.items())]
        return sa.not_(sa.or_(*busy)) if busy else sa.true()
