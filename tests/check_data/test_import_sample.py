"""The sample file of real-shaped events, where it is given: every touch and order once, and their sum to the cent."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.db import reading, writing
from core.ingest import imports
from core.ingest.models import Import
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.tenants.models import Tenant
from tests.factories.ingest import make_import

pytestmark = pytest.mark.sample_data


@pytest.fixture
def sample() -> bytes:
    folder = os.environ.get("SIYU_SAMPLE_DATA")
    if not folder:
        pytest.skip("SIYU_SAMPLE_DATA is not set")
    return (Path(folder) / "touchpoints_62k.csv").read_bytes()


def run(tenant: Tenant, sample: bytes) -> Import:
    import_id = make_import(tenant, sample)
    with writing(tenant.number) as session:
        imports.start_import(session, import_id)
    run_pending()
    with reading(tenant.number) as session:
        return imports.find_import(session, import_id)


def test_sample_twice_counts_once(tenant: Tenant, sample: bytes) -> None:
    first, second = run(tenant, sample), run(tenant, sample)
    assert (first.rows, first.touchpoints, first.orders, first.rejected) == (62_483, 62_483, 1_838, 0)
    assert (second.duplicates, second.touchpoints, second.orders) == (62_483, 0, 0)
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.sum(Order.amount_minor))) == 1_142_350
