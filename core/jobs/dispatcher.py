"""Finds what is due, leases it and rings. Any number may run; a lost ring is rung again when its lease ends."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import platform_reading, platform_writing
from core.jobs.kinds import KINDS, QUEUES, QueueName
from core.jobs.models import Job, Schedule
from core.jobs.pauses import Pauses
from core.jobs.running import lease
from core.jobs.service import submit
from core.logs import logger

log = logger(__name__)

MOST_CRASHES = 3
MOST_QUEUED = 8
"""Rung jobs that may wait in one queue: enough to keep workers busy, few enough that no lease runs out waiting."""


class Ring(Protocol):
    """Tells a worker of `queue` to run `(job_id, attempt)`; raises if the bell is broken."""

    def __call__(self, queue: str, job_id: uuid.UUID, attempt: int) -> None: ...


def dispatch(
    *,
    ring: Callable[[str, uuid.UUID, int], None],
    queues: Sequence[QueueName] = QUEUES,
    pauses: Pauses | None = None,
) -> int:
    """One round: fire schedules, take back orphans, ring what is ready in `queues`. Returns how many were rung.

    With `pauses`, kept from round to round, jobs of a kind that has one wait for it.
    """
    now, pauses = clock.now(), pauses or Pauses()
    with platform_reading() as session:
        if not _anything_due(session, now, pauses):
            return 0
    with platform_writing() as session:
        _fire_schedules(session, now)
        _take_back_orphans(session, now)
        due = _lease_ready(session, now, queues, pauses)
    for place, (queue, job_id, attempt) in enumerate(due):
        try:
            ring(queue, job_id, attempt)
        except Exception:
            _unlease(due[place:])
            raise
    return len(due)


def _anything_due(session: Session, now: datetime, pauses: Pauses) -> bool:
    due = sa.or_(
        sa.and_(Job.state == "ready", Job.not_before <= now, pauses.over(now)),
        sa.and_(Job.state.in_(("queued", "running")), Job.lease_until < now),
    )
    jobs = session.scalar(sa.select(Job.id).where(due).limit(1))
    return (
        jobs is not None or session.scalar(sa.select(Schedule.id).where(Schedule.next_at <= now).limit(1)) is not None
    )


def _fire_schedules(session: Session, now: datetime) -> None:
    for row in session.scalars(sa.select(Schedule).where(Schedule.next_at <= now)):
        if row.kind not in KINDS:  # of a version before or after this one; no reason to stop all others
            log.warning("schedule %s asks for %s, which is not known here", row.name, row.kind)
            row.next_at = now + timedelta(seconds=row.every_seconds)
            continue
        key = f"schedule:{row.name}:{clock.to_us(row.next_at)}"
        submit(session, row.kind, row.args, tenant_id=row.owner or None, idem_key=key)
        missed = (now - row.next_at) // timedelta(seconds=row.every_seconds)
        row.next_at += timedelta(seconds=row.every_seconds) * (missed + 1)


def _take_back_orphans(session: Session, now: datetime) -> None:
    # Locked: without it, a job that ends between this look and the change would be taken back and done once more.
    orphans = sa.select(Job).where(Job.state.in_(("queued", "running")), Job.lease_until < now)
    for job in session.scalars(orphans.with_for_update(skip_locked=True)):
        if job.state == "running":
            job.crashes += 1
            job.last_error = f"the process that ran it died ({job.crashes} of {MOST_CRASHES})"
        job.state, job.lease_until = "ready", None
        if job.crashes >= MOST_CRASHES:
            job.state, job.finished_at = "dead", now
        elif job.cancel_asked:  # it ends without having been claimed, and must not stand for the next of its kind
            job.state, job.finished_at, job.pending_key = "cancelled", now, None


def _lease_ready(
    session: Session, now: datetime, queues: Sequence[QueueName], pauses: Pauses
) -> list[tuple[str, uuid.UUID, int]]:
    rung: list[tuple[str, uuid.UUID, int]] = []
    for queue in queues:
        waiting = session.scalar(
            sa.select(sa.func.count()).select_from(Job).where(Job.queue == queue, Job.state == "queued")
        )
        room = MOST_QUEUED - (waiting or 0)
        if room <= 0:
            continue
        # A tenant's n-th job goes after every other tenant's (n-1)-th: a flood of one does not hold up the rest.
        turn = sa.func.row_number().over(partition_by=Job.owner, order_by=Job.not_before)
        ready = sa.select(Job.id, Job.not_before, turn.label("turn")).where(
            Job.state == "ready", Job.not_before <= now, Job.queue == queue, pauses.over(now)
        )
        fair = ready.subquery()
        ids = session.scalars(sa.select(fair.c.id).order_by(fair.c.turn, fair.c.not_before).limit(room)).all()
        found = session.scalars(sa.select(Job).where(Job.id.in_(ids)).with_for_update(skip_locked=True))
        for job in sorted(found, key=lambda job: ids.index(job.id)):  # whoever has waited longest is rung first
            if job.state == "ready":
                job.state, job.lease_until = "queued", now + lease()
                pauses.note(job, now)
                rung.append((queue, job.id, job.attempt))
    return rung


def _unlease(unrung: Sequence[tuple[str, uuid.UUID, int]]) -> None:
    """The bell is broken: none of these waits for its lease to end."""
    with platform_writing() as session:
        for _, job_id, attempt in unrung:
            session.execute(
                sa.update(Job)
                .where(Job.id == job_id, Job.attempt == attempt, Job.state == "queued")
                .values(state="ready", lease_until=None, not_before=clock.now() + timedelta(seconds=1))
            )
