"""What a worker function holds: its job, worked in short steps that commit effect and checkpoint together."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock, settings
from core.db import platform_reading, platform_writing, writing
from core.errors import SiyuError
from core.jobs.models import Job

SLICE = timedelta(seconds=2)
"""How long a job keeps its worker while others wait for it."""
HEALTHY_STEPS = 10
"""An attempt that came so far is not what kills its process: earlier deaths are forgotten. So a job that keeps dying
soon after its start is parked, and a long one that lives through several restarts of the machine is not."""


class StaleClaim(SiyuError):
    """Another worker has taken this job over; what this step did is rolled back."""

    code = "stale_claim"


class MadeWay(SiyuError):
    """The job gave its worker to others that wait; it goes on at its checkpoint after them."""

    code = "made_way"


class Cancelled(SiyuError):
    """Somebody asked for this job to stop."""

    code = "cancelled"


@dataclass
class Step:
    """One short transaction of a job (at most about 1,000 rows)."""

    session: Session
    checkpoint: dict[str, object]
    done: int | None = None
    total: int | None = None
    result: dict[str, object] | None = None
    finished: bool = False

    def progress(self, done: int, total: int | None = None) -> None:
        """How far the job is, in units of its own."""
        self.done, self.total = done, total

    def finish(self, result: Mapping[str, object] | None = None) -> None:
        """This is the last step: its commit completes the job."""
        self.finished, self.result = True, dict(result or {})


@dataclass
class RunningJob:
    """A claimed job. `attempt` is the fencing token: a step of a stale claim commits nothing."""

    id: uuid.UUID
    kind: str
    tenant_id: int | None
    args: Mapping[str, object]
    attempt: int
    queue: str
    pending_key: str | None = None
    checkpoint: dict[str, object] = field(default_factory=dict)
    began_at: datetime = field(default_factory=clock.now)
    finished: bool = False
    steps: int = 0

    @contextmanager
    def step(self) -> Iterator[Step]:
        """A writing transaction bound to the job's tenant.

        Raises:
            StaleClaim: the job was taken over; nothing of this step stays.
            Cancelled: the step is kept, and the job ends here.
        """
        door = writing(self.tenant_id) if self.tenant_id else platform_writing()
        with door as session:
            step = Step(session, dict(self.checkpoint))
            yield step
            asked = self._confirm(session, step)
        self.checkpoint, self.finished = step.checkpoint, step.finished
        if asked and not step.finished:
            raise Cancelled

    def make_way(self, *, keeps: timedelta = SLICE) -> None:
        """Call between two steps, where a fresh start would lose nothing: after a while, whoever waits in the queue has
        its turn before this job goes on.

        Args:
            keeps: how long the worker is kept at least; more for a job that is slow to start.

        Raises:
            MadeWay: somebody waits; not to be caught.
        """
        if self.finished or clock.now() - self.began_at < keeps:
            return
        with platform_reading() as session:
            if somebody_waits(session, self.queue):
                raise MadeWay

    def _confirm(self, session: Session, step: Step) -> bool:
        now = clock.now()
        values: dict[str, object] = {"checkpoint": step.checkpoint, "lease_until": now + lease()}
        self.steps += 1
        if self.steps == HEALTHY_STEPS:
            values["crashes"] = 0
        if step.done is not None:
            values["progress_done"] = step.done
        if step.total is not None:
            values["progress_total"] = step.total
        if step.finished:
            values |= {"state": "done", "finished_at": now, "result": step.result, "lease_until": None}
        asked = session.scalar(
            sa.update(Job)
            .where(Job.id == self.id, Job.attempt == self.attempt, Job.state == "running")
            .values(**values)
            .returning(Job.cancel_asked)
        )
        if asked is None:
            raise StaleClaim(f"{self.kind} {self.id} attempt {self.attempt} was taken over.")
        return bool(asked)


def somebody_waits(session: Session, queue: str) -> bool:
    """Whether a job of this queue could run now, if a worker were free."""
    could = sa.or_(Job.state == "queued", sa.and_(Job.state == "ready", Job.not_before <= clock.now()))
    return session.scalar(sa.select(Job.id).where(could, Job.queue == queue).limit(1)) is not None


def lease() -> timedelta:
    """How long a job may be silent before it counts as orphaned."""
    return timedelta(seconds=settings.current().lease_seconds)
