"""Runs by jobs, also when a worker dies in the middle."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.attribution.models import AttributionRun
from core.db import platform_writing, reading
from core.errors import SiyuError
from core.jobs.models import Job
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.core.attribution.made_orders import make_brand


def test_interrupted_refresh_goes_on(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    make_brand(tenant, touches=40)
    with monkeypatch.context() as patch:
        patch.setattr("core.attribution.execution.attribute_lake", _die)
        with pytest.raises(SiyuError, match="ZeroDivisionError"):
            run_pending()
    assert [run.state for run in _runs(tenant)] == ["running"]
    with platform_writing() as session:
        job = session.scalars(select(Job).where(Job.kind == "attribution.refresh")).one()
        job.not_before = job.created_at
    run_pending()
    runs = _runs(tenant)
    assert sorted((run.preset, run.state) for run in runs) == [(name, "done") for name in ("30", "7", "90", "all")]


def _die(*_: object, tick: Callable[[int], None], **__: object) -> None:
    tick(0)
    raise ZeroDivisionError


def _runs(tenant: Tenant) -> list[AttributionRun]:
    with reading(tenant.number) as session:
        return list(session.scalars(select(AttributionRun)))
