"""Jobs of a tenant over HTTP: list, one, counts, retry, cancel."""

from datetime import datetime
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core import clock
from core.db import reading, writing
from core.jobs import service
from core.jobs.models import Job
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("jobs", __name__, url_prefix="/v1/tenants/<tenant>/jobs")


class JobPath(TenantPath):
    """One job of a tenant."""

    job: str


class JobsQuery(PageQuery):
    """A list of jobs, of one state or all."""

    state: Literal["ready", "queued", "running", "done", "unknown", "dead", "cancelled"] | None = None


class Progress(BaseModel):
    """How far a job is; `total` is null while it is not known."""

    done: int
    total: int | None


class JobShown(BaseModel):
    """A job as the outside sees it."""

    id: str
    kind: str
    state: str
    queue: str
    attempt: int
    errors: int
    crashes: int
    cancel_asked: bool
    next_try_at: datetime | None
    progress: Progress
    age_seconds: float
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    result: dict[str, object] | None


def show(job: Job) -> JobShown:
    """The job without its inner columns; `next_try_at` only while it waits for its time."""
    now = clock.now()
    return JobShown(
        id=str(job.id),
        kind=job.kind,
        state=job.state,
        queue=job.queue,
        attempt=job.attempt,
        errors=job.errors,
        crashes=job.crashes,
        cancel_asked=job.cancel_asked,
        next_try_at=job.not_before if job.state == "ready" and job.not_before > now else None,
        progress=Progress(done=job.progress_done, total=job.progress_total),
        age_seconds=(now - job.created_at).total_seconds(),
        error=job.last_error,
        created_at=job.created_at,
        finished_at=job.finished_at,
        result=job.result,
    )


@api.get("")
@needs("jobs:read")
def list_jobs(path: TenantPath, query: JobsQuery) -> Response:
    """Jobs, newest first."""
    with reading(bound_tenant()) as session:
        rows = service.list_jobs(
            session, owner=bound_tenant(), state=query.state, before=query.after(), limit=query.limit + 1
        )
        return answer(page_of(rows, query, lambda job: job.id, show))


@api.get("/summary")
@needs("jobs:read")
def summarise_jobs(path: TenantPath) -> Response:
    """How many jobs are in each state."""
    with reading(bound_tenant()) as session:
        return answer({"states": service.count_jobs(session, owner=bound_tenant())})


@api.get("/<job>")
@needs("jobs:read")
def get_job(path: JobPath) -> Response:
    """One job."""
    with reading(bound_tenant()) as session:
        return answer(show(service.find_job(session, path.job, owner=bound_tenant())))


@api.post("/<job>/retry")
@needs("jobs:write")
def retry_job(path: JobPath) -> Response:
    """Run a parked job again, from its checkpoint."""
    with writing(bound_tenant()) as session:
        job = service.find_job(session, path.job, owner=bound_tenant())
        service.retry(session, job)
        return answer(show(job))


@api.post("/<job>/cancel")
@needs("jobs:write")
def cancel_job(path: JobPath) -> Response:
    """Stop a job: at once if it waits, after its present step if it runs."""
    with writing(bound_tenant()) as session:
        job = service.find_job(session, path.job, owner=bound_tenant())
        service.cancel(session, job)
        return answer(show(job))
