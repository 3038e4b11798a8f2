"""What a worker function holds: its job, worked in short steps that commit effect and checkpoint together."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock, settings
from core.db import platform_writing, writing
from core.errors import SiyuError
from core.jobs.models import Job

HEALTHY_STEPS = 10
"""An attempt that came so far is not what kills its process: earlier deaths are forgotten. So a job that keeps dying
soon after its start is parked, and a long one that lives through several restarts of the machine is not."""


class StaleClaim(SiyuError):
    """Another worker has taken this job over; what this step did is rolled back."""

    code = "stale_claim"


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
    checkpoint: dict[str, object] = field(default_factory=dict)
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


def lease() -> timedelta:
    """How long a job may be silent before it counts as orphaned."""
    return timedelta(seconds=settings.current().lease_seconds)
