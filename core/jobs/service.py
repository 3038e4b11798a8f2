"""Submitting, listing, retrying and cancelling jobs."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import clock
from core.db import new_id, parse_id
from core.errors import Conflict, NotFound
from core.jobs.kinds import KINDS
from core.jobs.models import NOBODY, OPEN_STATES, Job


def submit(
    session: Session,
    kind: str,
    args: Mapping[str, object],
    *,
    tenant_id: int | None = None,
    idem_key: str | None = None,
    coalesce: str | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Write a job in the caller's transaction: it exists if and only if the caller's change does.

    Args:
        args: small JSON, no secret and no personal data.
        idem_key: the same key of the same tenant is one job for ever; the first one is returned.
        coalesce: a key that holds only while the job waits: another submit meanwhile returns the waiting job.
    """
    owner = tenant_id or NOBODY
    row = {
        "id": new_id(),
        "owner": owner,
        "kind": kind,
        "queue": KINDS[kind].queue,
        "args": dict(args),
        "idem_key": idem_key,
        "pending_key": f"{kind}:{coalesce}" if coalesce is not None else None,
        "not_before": not_before or clock.now(),
    }
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Job).values(**row).on_conflict_do_nothing().returning(Job)
    keys = [Job.idem_key == idem_key] if idem_key is not None else []
    if coalesce is not None:
        keys.append(Job.pending_key == row["pending_key"])
    is_asked_often = coalesce is not None  # one that waits is looked for first: in haste there nearly always is one
    while True:
        inserted: Job | None = None if is_asked_often else session.scalar(insert)
        if inserted is not None:
            return inserted
        # The lock keeps a waiting job from being claimed before the caller's change, which it is to see, is committed;
        # one that was claimed just now waits no more, and the next round makes another.
        query = sa.select(Job).where(Job.owner == owner, sa.or_(*keys)).limit(1).with_for_update(read=True)
        waiting = session.scalar(query)
        if waiting is not None:
            return waiting
        is_asked_often = False


def find_job(session: Session, job_id: str | uuid.UUID, *, owner: int) -> Job:
    """One job of the owner.

    Raises:
        NotFound: none by this id, or another tenant's.
    """
    key = parse_id(job_id) if isinstance(job_id, str) else job_id
    job = session.scalar(sa.select(Job).where(Job.id == key, Job.owner == owner))
    if job is None:
        raise NotFound
    return job


def find_given_up(session: Session, job_ids: Collection[uuid.UUID], *, owner: int) -> set[uuid.UUID]:
    """Those of the owner's jobs that will do no more of their work: dead, or cancelled."""
    mine = sa.select(Job.id).where(Job.owner == owner, Job.id.in_(job_ids), Job.state.in_(("dead", "cancelled")))
    return set(session.scalars(mine)) if job_ids else set()


def list_jobs(
    session: Session, *, owner: int, state: str | None = None, before: str | None = None, limit: int = 50
) -> list[Job]:
    """The owner's jobs, newest first."""
    query = sa.select(Job).where(Job.owner == owner).order_by(Job.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Job.state == state)
    if before is not None:
        query = query.where(Job.id < parse_id(before))
    return list(session.scalars(query))


def count_jobs(session: Session, *, owner: int) -> dict[str, int]:
    """How many jobs of the owner are in each state."""
    rows = session.execute(sa.select(Job.state, sa.func.count()).where(Job.owner == owner).group_by(Job.state))
    return dict(rows.all())


def retry(session: Session, job: Job) -> None:
    """Let a parked job run again, from its checkpoint.

    Raises:
        Conflict: it is not parked.
    """
    if job.state not in ("dead", "cancelled"):
        raise Conflict(f"The job is {job.state}; only parked jobs can be retried.")
    job.state, job.errors, job.crashes, job.cancel_asked = "ready", 0, 0, False
    job.not_before, job.finished_at, job.lease_until = clock.now(), None, None


def cancel(session: Session, job: Job) -> None:
    """Stop a job: at once if it waits, after its present step if it runs.

    Raises:
        Conflict: it has ended already.
    """
    if job.state not in OPEN_STATES:
        raise Conflict(f"The job is {job.state} already.")
    job.cancel_asked = True
    if job.state == "ready":
        job.state, job.finished_at, job.pending_key = "cancelled", clock.now(), None
