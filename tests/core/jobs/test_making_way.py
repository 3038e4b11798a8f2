"""A long job gives its worker to others that wait, and goes on after them where it was."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import platform_reading, platform_writing
from core.jobs import kinds, runner, service
from core.jobs.dispatcher import dispatch
from core.jobs.models import Job
from core.jobs.running import SLICE, RunningJob
from core.tenants.models import Tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ran: list[str] = []


class Watch:
    """A clock that goes on only where a worker function says that it took time."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


watch = Watch()


def count_to_six(job: RunningJob) -> None:
    for n in range(int(str(job.checkpoint.get("n", 0))), 6):
        with job.step() as step:
            step.checkpoint["n"] = n + 1
            ran.append(f"{job.args['name']}{n}")
        watch.now += SLICE / 2
        job.make_way()


def be_short(job: RunningJob) -> None:
    ran.append(str(job.args["name"]))


@pytest.fixture(autouse=True)
def kinds_of_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ran.clear()
    watch.now = NOON
    for name in ("count_to_six", "be_short", "ask_again"):
        monkeypatch.setitem(kinds.KINDS, f"test.{name}", kinds.Kind(f"{__name__}:{name}"))
    monkeypatch.setattr(kinds.Kind, "resolve", lambda kind: globals()[kind.target.partition(":")[2]])
    with clock.set_to(watch):
        yield


def submit(kind: str, tenant: Tenant, name: str, *, coalesce: str | None = None) -> uuid.UUID:
    with platform_writing() as session:
        return service.submit(session, kind, {"name": name}, tenant_id=tenant.number, coalesce=coalesce).id


def test_other_brand_waits_one_slice(tenant: Tenant, other_tenant: Tenant) -> None:
    submit("test.count_to_six", tenant, "a")
    submit("test.be_short", other_tenant, "b")
    runner.run_pending()
    assert ran == ["a0", "a1", "b", "a2", "a3", "a4", "a5"]


def test_two_long_jobs_share_the_worker(tenant: Tenant, other_tenant: Tenant) -> None:
    for brand, name in ((tenant, "a"), (other_tenant, "b")):
        submit("test.count_to_six", brand, name)
    runner.run_pending()
    assert ran == ["a0", "a1", "b0", "b1", "a2", "a3", "b2", "b3", "a4", "a5", "b4", "b5"]


def test_future_jobs_and_other_queues_wait_for_nothing(tenant: Tenant) -> None:
    with platform_writing() as session:
        later = NOON + timedelta(hours=1)
        service.submit(session, "test.be_short", {"name": "later"}, tenant_id=tenant.number, not_before=later)
        service.submit(session, "lake.flush", {}, tenant_id=tenant.number)
    job_id = submit("test.count_to_six", tenant, "a")
    runner.run_pending(queues=("quick",))
    with platform_reading() as session:
        attempt = session.scalar(sa.select(Job.attempt).where(Job.id == job_id))
    assert (len(ran), attempt) == (6, 1)


def ask_again(job: RunningJob) -> None:
    with job.step() as step:
        step.session.flush()
    asked.append(submit("test.ask_again", asking[0], "a", coalesce="a"))
    watch.now += SLICE
    if len(asked) == 1:
        job.make_way()


asked: list[uuid.UUID] = []
asking: list[Tenant] = []


def test_one_that_was_asked_meanwhile_goes_on(tenant: Tenant) -> None:
    asking[:], asked[:] = [tenant], []
    first = submit("test.ask_again", tenant, "a", coalesce="a")
    rung: list[tuple[uuid.UUID, int]] = []
    dispatch(ring=lambda queue, job_id, attempt: rung.append((job_id, attempt)))
    runner.run_job(*rung[0])
    with platform_reading() as session:
        ended = session.scalars(sa.select(Job).where(Job.id == first)).one()
    assert (ended.state, ended.result) == ("done", {"goes_on_in": str(asked[0])})
