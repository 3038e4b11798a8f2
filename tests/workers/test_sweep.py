"""The sweep forgets ended jobs when their time is over, however many there are, and no other."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import Database, platform_reading, platform_writing
from core.jobs import service
from core.jobs.models import Job
from core.jobs.runner import run_pending
from workers import sweep

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_ended(state: str, *, days_ago: int, owner: int | None = None) -> None:
    with clock.set_to(NOON - timedelta(days=days_ago)), platform_writing() as session:
        job = service.submit(session, "access.sweep", {}, tenant_id=owner)
        job.state, job.finished_at = state, clock.now()


def test_old_ended_jobs_are_forgotten(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "A_STEP", 2)
    for _ in range(5):
        make_ended("done", days_ago=8)
    make_ended("cancelled", days_ago=91, owner=7)
    kept = [("done", 6, None), ("dead", 400, None), ("done", 89, 7)]
    for state, days_ago, owner in kept:
        make_ended(state, days_ago=days_ago, owner=owner)
    with clock.set_to(NOON):
        with platform_writing() as session:
            service.submit(session, "jobs.sweep", {})
        run_pending()
    with platform_reading() as session:
        left = session.scalars(sa.select(Job.state).where(Job.kind != "jobs.sweep")).all()
    assert sorted(left) == sorted(state for state, _, _ in kept)
