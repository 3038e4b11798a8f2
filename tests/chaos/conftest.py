"""A platform of a test's own, whose database the test looks into through the usual doors."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import settings
from core.db import Database, connect
from core.tenants.models import Tenant
from tests.factories.tenants import make_tenant
from tests.servers.siyu import Running, running_siyu

LEASE_SECONDS = "3"


@pytest.fixture
def platform(home: Path) -> Iterator[Running]:
    shared = {"SIYU_SECRET_KEY": os.environ["SIYU_SECRET_KEY"], "SIYU_LEASE_SECONDS": LEASE_SECONDS}
    with running_siyu(home, settings=shared) as running:
        database = Database(settings.current().database)
        connect(database)
        yield running
        database.dispose()


@pytest.fixture
def brand(platform: Running) -> Tenant:
    return make_tenant(name="Tea house")
