"""The lake follows what is recorded, by jobs."""

from core.db import platform_writing
from core.jobs.runner import run_pending
from core.jobs.service import submit
from core.tenants.models import Tenant
from tests.core.lake.made_facts import add_many, lake_rows


def test_recording_rings_the_flush(tenant: Tenant) -> None:
    add_many(tenant, 10)
    run_pending()
    assert len(lake_rows(tenant)[0]) == 10


def test_every_tenant_is_flushed(tenant: Tenant, other_tenant: Tenant) -> None:
    run_pending()
    with platform_writing() as session:
        submit(session, "lake.flush_all", {})
    assert run_pending() == 7
