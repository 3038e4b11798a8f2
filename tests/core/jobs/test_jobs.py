"""Jobs: the outbox, fencing, retries, orphans and schedules."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import Database, platform_reading, platform_writing
from core.errors import Invalid, SiyuError
from core.jobs import kinds, runner, service
from core.jobs.dispatcher import dispatch
from core.jobs.models import Job, Schedule
from core.jobs.running import HEALTHY_STEPS, RunningJob, StaleClaim
from core.jobs.schedules import declare_standing, every
from core.tenants.models import Tenant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ran: list[str] = []


def count_to_three(job: RunningJob) -> None:
    for n in range(int(str(job.checkpoint.get("n", 0))), 3):
        with job.step() as step:
            step.checkpoint["n"] = n + 1
            step.progress(n + 1, 3)
            ran.append(f"{job.id}:{n}")
            if n == 2:
                step.finish({"counted": 3})
        if job.args.get("die_after") == n and job.attempt == 1:
            raise ConnectionError


def refuse(job: RunningJob) -> None:
    raise Invalid("This can never work.")


@pytest.fixture(autouse=True)
def kinds_of_tests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ran.clear()
    for name in ("count_to_three", "refuse"):
        monkeypatch.setitem(kinds.KINDS, f"test.{name}", kinds.Kind(f"{__name__}:{name}"))
    monkeypatch.setattr(kinds.Kind, "resolve", lambda kind: globals()[kind.target.partition(":")[2]])
    yield


def submit(kind: str = "test.count_to_three", tenant: Tenant | None = None, **options: object) -> uuid.UUID:
    with platform_writing() as session:
        args = {"die_after": options.pop("die_after", None)}
        number = tenant.number if tenant else None
        return service.submit(session, kind, args, tenant_id=number, **options).id  # type: ignore[arg-type]  # keywords of the caller


def job(job_id: uuid.UUID) -> Job:
    with platform_reading() as session:
        return session.scalars(sa.select(Job).where(Job.id == job_id)).one()


def test_job_runs_to_its_result(tenant: Tenant) -> None:
    job_id = submit(tenant=tenant)
    assert runner.run_pending() == 1
    assert (job(job_id).state, job(job_id).result, job(job_id).progress_done) == ("done", {"counted": 3}, 3)


def test_job_vanishes_with_its_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), platform_writing() as session:
        service.submit(session, "test.count_to_three", {})
        _ = 1 // 0
    assert runner.run_pending() == 0


def test_same_key_is_the_same_job(db: Database) -> None:
    assert submit(idem_key="k") == submit(idem_key="k")
    runner.run_pending()
    assert submit(idem_key="k") == submit(idem_key="k")


def test_coalesced_job_waits_only_once(db: Database) -> None:
    first = submit(coalesce="all")
    assert submit(coalesce="all") == first
    runner.run_pending()
    assert submit(coalesce="all") != first


def test_keys_of_tenants_do_not_meet(tenant: Tenant, other_tenant: Tenant) -> None:
    assert submit(tenant=tenant, idem_key="k") != submit(tenant=other_tenant, idem_key="k")


def test_failed_job_resumes_after_checkpoint(db: Database) -> None:
    with clock.set_to(NOON):
        job_id = submit(die_after=1)
        runner.run_pending(strict=False)
        assert job(job_id).state == "ready"
    with clock.set_to(NOON + timedelta(minutes=5)):
        runner.run_pending(strict=False)
    assert job(job_id).state == "done"
    assert [line.split(":")[1] for line in ran] == ["0", "1", "2"]


def test_hopeless_job_is_parked_at_once(db: Database) -> None:
    job_id = submit("test.refuse")
    runner.run_pending(strict=False)
    assert (job(job_id).state, job(job_id).last_error) == ("dead", "This can never work.")


def test_stale_claim_commits_nothing(db: Database) -> None:
    with clock.set_to(NOON):
        job_id = submit()
        assert dispatch(ring=lambda *rung: None) == 1
        first = runner.claim(job_id, 0)
    with clock.set_to(NOON + timedelta(minutes=5)):
        dispatch(ring=lambda *rung: None)
        second = runner.claim(job_id, 1)
        assert first and second and second.attempt == 2
        with pytest.raises(StaleClaim), first.step() as step:
            step.finish({"counted": -1})
    assert job(job_id).state == "running"


def test_second_claim_gets_nothing(db: Database) -> None:
    job_id = submit()
    dispatch(ring=lambda *rung: None)
    assert runner.claim(job_id, 0) is not None
    assert runner.claim(job_id, 0) is None


def test_three_deaths_park_a_job(db: Database) -> None:
    job_id = submit()
    for minute in range(3):
        with clock.set_to(NOON.replace(year=2030) + timedelta(minutes=5 * minute)):
            dispatch(ring=lambda *rung: None)
            assert runner.claim(job_id, minute) is not None
    with clock.set_to(NOON.replace(year=2031)):
        dispatch(ring=lambda *rung: None)
    assert (job(job_id).state, job(job_id).crashes) == ("dead", 3)


@pytest.mark.parametrize(("steps", "state"), [(HEALTHY_STEPS, "running"), (HEALTHY_STEPS - 1, "dead")])
def test_deaths_of_healthy_attempts_are_forgotten(db: Database, steps: int, state: str) -> None:
    job_id = submit()
    for minute in range(4):
        with clock.set_to(NOON.replace(year=2030) + timedelta(minutes=5 * minute)):
            dispatch(ring=lambda *rung: None)
            running = runner.claim(job_id, minute)
            for _ in range(steps if running else 0):
                assert running is not None
                with running.step() as step:
                    step.progress(minute, 10)
    assert job(job_id).state == state


def test_broken_bell_leaves_job_ready(db: Database) -> None:
    def broken(queue: str, job_id: uuid.UUID, attempt: int) -> None:
        raise ConnectionError

    job_id = submit()
    with pytest.raises(ConnectionError):
        dispatch(ring=broken)
    assert job(job_id).state == "ready"


def test_flood_of_one_tenant_shares_turns(tenant: Tenant, other_tenant: Tenant) -> None:
    for _ in range(20):
        submit(tenant=tenant)
    late = submit(tenant=other_tenant)
    rung: list[uuid.UUID] = []
    dispatch(ring=lambda queue, job_id, attempt: rung.append(job_id))
    assert late in rung


def test_schedule_fires_missed_times_once(db: Database) -> None:
    with clock.set_to(NOON), platform_writing() as session:
        every(session, "tick", "test.count_to_three", seconds=60)
    with clock.set_to(NOON + timedelta(hours=3)):
        assert runner.run_pending() == 1
        assert runner.run_pending() == 0


def test_standing_kinds_are_declared_once(db: Database) -> None:
    for _ in range(2):
        with platform_writing() as session:
            declare_standing(session)
    with platform_reading() as session:
        names = list(session.scalars(sa.select(Schedule.name)))
    assert sorted(names) == sorted(f"standing:{name}" for name, kind in kinds.KINDS.items() if kind.every)


def test_cancelled_job_keeps_its_last_step(db: Database) -> None:
    job_id = submit()
    dispatch(ring=lambda *rung: None)
    claimed = runner.claim(job_id, 0)
    with platform_writing() as session:
        service.cancel(session, service.find_job(session, job_id, owner=0))
    assert claimed is not None
    with pytest.raises(SiyuError), claimed.step() as step:
        step.checkpoint["n"] = 1
    assert job(job_id).checkpoint == {"n": 1}
