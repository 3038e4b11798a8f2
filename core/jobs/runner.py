"""Claiming and running one job; the guard around worker functions is here and nowhere else."""

import random
import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.db import platform_reading, platform_writing
from core.errors import Conflict, Forbidden, Invalid, NotFound, SiyuError
from core.jobs.dispatcher import dispatch
from core.jobs.kinds import KINDS, QUEUES, QueueName
from core.jobs.models import NOBODY, Job
from core.jobs.running import Cancelled, MadeWay, RunningJob, StaleClaim, lease
from core.logs import logger

log = logger(__name__)
PERMANENT = (Invalid, NotFound, Forbidden, Conflict)
LONGEST_WAIT = 600.0


def run_job(job_id: uuid.UUID, attempt: int) -> bool:
    """Run one rung job to its end, or to its failure; a stale ring is dropped. True if it was ours to run."""
    job = claim(job_id, attempt)
    if job is None:
        return False
    heart = Heartbeat(job)
    heart.start()
    try:
        if job.kind not in KINDS:
            raise NotFound(f"This version knows no jobs of the kind {job.kind}; upgrade, then run it again.")
        KINDS[job.kind].resolve()(job)
        if not job.finished:
            with job.step() as step:
                step.finish()
    except StaleClaim as error:
        log.warning("%s", error.message)
    except MadeWay:
        _go_back(job)
    except Cancelled:
        _end(job, "cancelled", "cancelled on request")
    except Exception as error:
        log.exception("job %s %s failed", job.kind, job.id)
        _fail(job, error)
    finally:
        heart.stop()
    return True


def run_now(job_id: uuid.UUID) -> bool:
    """Run this one job in this process if it is due and nobody has it: for a command that waits for its own job."""
    with platform_writing() as session:
        attempt = session.scalar(
            sa.update(Job)
            .where(Job.id == job_id, Job.state == "ready", Job.not_before <= clock.now())
            .values(state="queued", lease_until=clock.now() + lease())
            .returning(Job.attempt)
        )
    return attempt is not None and run_job(job_id, attempt)


def claim(job_id: uuid.UUID, attempt: int) -> RunningJob | None:
    """Take a queued job: the new attempt number is the fencing token. None if somebody else has it."""
    with platform_writing() as session:
        pending_key = session.scalar(sa.select(Job.pending_key).where(Job.id == job_id))
        job = session.scalar(
            sa.update(Job)
            .where(Job.id == job_id, Job.attempt == attempt, Job.state == "queued")
            .values(state="running", attempt=attempt + 1, lease_until=clock.now() + lease(), pending_key=None)
            .returning(Job)
        )
        if job is None:
            return None
        return RunningJob(
            id=job.id,
            kind=job.kind,
            tenant_id=job.owner or None,
            args=job.args,
            attempt=job.attempt,
            queue=job.queue,
            pending_key=pending_key,
            checkpoint=dict(job.checkpoint),
        )


class Heartbeat(threading.Thread):
    """Keeps the lease of a running job, beside the worker function and not by its grace."""

    def __init__(self, job: RunningJob) -> None:
        super().__init__(daemon=True, name=f"heartbeat-{job.id}")
        self.job = job
        self._stopped = threading.Event()

    def run(self) -> None:
        """Extend the lease every third of it until stopped or taken over."""
        while not self._stopped.wait(lease().total_seconds() / 3):
            try:
                with platform_writing() as session:
                    session.execute(
                        sa.update(Job)
                        .where(Job.id == self.job.id, Job.attempt == self.job.attempt, Job.state == "running")
                        .values(lease_until=clock.now() + lease())
                    )
            except sa.exc.SQLAlchemyError:
                log.warning("the lease of %s could not be extended", self.job.id, exc_info=True)

    def stop(self) -> None:
        """Let the thread end and wait for it, so that no connection is left in use."""
        self._stopped.set()
        self.join(timeout=20)


def run_pending(*, strict: bool = True, queues: Sequence[QueueName] = QUEUES) -> int:
    """Dispatch and run what is due in these queues in this process, until nothing is (tests, demo).

    With `strict`, a job that is parked or failing raises instead of waiting for its retry.
    """
    count = 0
    rung: list[tuple[uuid.UUID, int]] = []
    while dispatch(ring=lambda queue, job_id, attempt: rung.append((job_id, attempt)), queues=queues):
        for job_id, attempt in rung:
            count += run_job(job_id, attempt)
            if strict:
                _raise_if_failed(job_id)
        rung.clear()
    return count


def _raise_if_failed(job_id: uuid.UUID) -> None:
    with platform_reading() as session:
        job = session.scalars(sa.select(Job).where(Job.id == job_id)).one()
        if job.last_error is not None and job.state in ("dead", "ready"):
            raise SiyuError(f"{job.kind} failed: {job.last_error}", code="job_failed")


def _fail(job: RunningJob, error: Exception) -> None:
    text = error.message if isinstance(error, SiyuError) else f"{type(error).__name__} (see the log of job {job.id})"
    with platform_writing() as session:
        row = session.scalar(sa.select(Job).where(Job.id == job.id, Job.attempt == job.attempt, Job.state == "running"))
        if row is None:
            return
        row.errors += 1
        row.last_error = text[:500]
        row.lease_until = None
        if isinstance(error, PERMANENT) or row.errors >= KINDS[job.kind].max_errors:
            row.state, row.finished_at = "dead", clock.now()
        else:
            wait = getattr(error, "retry_after", None) or random.uniform(0.5, 1) * min(2.0**row.errors, LONGEST_WAIT)
            row.state, row.not_before = "ready", clock.now() + timedelta(seconds=wait)


def _go_back(job: RunningJob) -> None:
    """Queue up again, behind those that wait. Where the same was asked for meanwhile, that job goes on instead."""
    now, owner = clock.now(), job.tenant_id or NOBODY
    mine = sa.update(Job).where(Job.id == job.id, Job.attempt == job.attempt, Job.state == "running")
    with platform_writing() as session:
        if job.pending_key is not None:
            same = sa.update(Job).where(Job.owner == owner, Job.pending_key == job.pending_key)
            twin = session.scalar(same.values(not_before=now).returning(Job.id))
            if twin is not None:
                done = {"state": "done", "finished_at": now, "lease_until": None, "result": {"goes_on_in": str(twin)}}
                session.execute(mine.values(**done))
                return
        session.execute(mine.values(state="ready", not_before=now, lease_until=None))


def _end(job: RunningJob, state: str, why: str) -> None:
    with platform_writing() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == job.id, Job.attempt == job.attempt)
            .values(state=state, last_error=why, finished_at=clock.now(), lease_until=None)
        )
