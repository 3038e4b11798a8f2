"""The dispatcher when something is out of order: a broken bell, a kind nobody knows, a job that ends meanwhile."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import Database, platform_reading, platform_writing
from core.jobs import kinds, runner, service
from core.jobs.dispatcher import dispatch
from core.jobs.models import Job, Schedule
from core.jobs.pauses import Pauses
from core.jobs.schedules import every

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def submit(**options: object) -> uuid.UUID:
    with platform_writing() as session:
        return service.submit(session, "access.sweep", {}, **options).id  # type: ignore[arg-type]  # keywords of the caller


def job(job_id: uuid.UUID) -> Job:
    with platform_reading() as session:
        return session.scalars(sa.select(Job).where(Job.id == job_id)).one()


def lose(queue: str, job_id: uuid.UUID, attempt: int) -> None:
    """A ring that nobody hears."""


def break_bell(queue: str, job_id: uuid.UUID, attempt: int) -> None:
    raise ConnectionError


def test_broken_bell_delays_none_of_them(db: Database) -> None:
    made = [submit() for _ in range(3)]
    with pytest.raises(ConnectionError):
        dispatch(ring=break_bell)
    assert [(job(one).state, job(one).lease_until) for one in made] == [("ready", None)] * 3


def test_cancelled_orphan_frees_its_place(db: Database) -> None:
    with clock.set_to(NOON):
        first = submit(coalesce="all")
        dispatch(ring=lose)
        with platform_writing() as session:
            service.cancel(session, service.find_job(session, first, owner=0))
    with clock.set_to(LATER):
        dispatch(ring=lose)
        assert job(first).state == "cancelled"
        assert submit(coalesce="all") != first


def test_unknown_schedule_stops_no_other(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.set_to(NOON):
        monkeypatch.setitem(kinds.KINDS, "test.gone", kinds.Kind("nowhere:run"))
        with platform_writing() as session:
            every(session, "a", "test.gone", seconds=60)
            every(session, "b", "access.sweep", seconds=60)
        monkeypatch.delitem(kinds.KINDS, "test.gone")
    with clock.set_to(LATER):
        assert dispatch(ring=lose) == 1
        assert dispatch(ring=lose) == 0
        with platform_reading() as session:
            assert all(at > LATER for at in session.scalars(sa.select(Schedule.next_at)))


def test_unknown_kind_is_parked_plainly(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = submit()
    monkeypatch.delitem(kinds.KINDS, "access.sweep")
    runner.run_pending(strict=False)
    assert job(made).state == "dead"
    assert "knows no jobs of the kind access.sweep" in str(job(made).last_error)


@pytest.mark.postgres
@pytest.mark.parametrize("db", ["postgres"], indirect=True)
def test_ending_job_is_no_orphan(db: Database) -> None:
    with clock.set_to(NOON):
        made = submit()
        dispatch(ring=lose)
        assert runner.claim(made, 0)
    engine = sa.create_engine(db.url, connect_args={"options": "-c lock_timeout=2000"})
    with clock.set_to(LATER), engine.begin() as ending:
        ending.execute(sa.update(Job).values(state="done", lease_until=None))
        assert dispatch(ring=lose) == 0
    engine.dispose()
    assert job(made).state == "done"


def test_other_queue_is_left_waiting(db: Database) -> None:
    quick = submit()
    with platform_writing() as session:
        slow = service.submit(session, "lake.flush_all", {}).id
    assert runner.run_pending(queues=("quick",)) == 1
    assert (job(quick).state, job(slow).state) == ("done", "ready")
    assert runner.run_pending() == 1


def test_hurried_kind_waits_for_its_pause(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "access.sweep", kinds.Kind("nowhere:run", pause=3))
    pauses = Pauses()
    rung: list[int] = []
    for second in (0, 1, 2, 3, 4):
        with clock.set_to(NOON + timedelta(seconds=second)):
            submit()
            rung.append(dispatch(ring=lose, pauses=pauses))
    assert rung == [1, 0, 0, 3, 0]


def test_pause_of_one_holds_nobody_else(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.KINDS, "access.sweep", kinds.Kind("nowhere:run", pause=3))
    pauses = Pauses()
    with clock.set_to(NOON):
        submit()
        assert dispatch(ring=lose, pauses=pauses) == 1
        submit(tenant_id=7)
        assert dispatch(ring=lose, pauses=pauses) == 1
