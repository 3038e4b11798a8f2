"""A platform of a test's own, whose database the test looks into through the usual doors."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core import settings
from core.db import Database, connect
from core.tenants.models import Tenant
from tests.factories.tenants import make_tenant
from tests.servers.postgres import is_available, postgres
from tests.servers.siyu import Running, running_siyu

LEASE_SECONDS = "3"


@pytest.fixture
def platform(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """On SQLite, or as `on_both` has it."""
    shared = {"SIYU_SECRET_KEY": os.environ["SIYU_SECRET_KEY"], "SIYU_LEASE_SECONDS": LEASE_SECONDS}
    with ExitStack() as stack:
        if getattr(request, "param", "sqlite") == "postgres":
            if not is_available():
                pytest.skip("no PostgreSQL here: set SIYU_TEST_POSTGRES_URL or install the package postgresql")
            shared["SIYU_DATABASE_URL"] = stack.enter_context(postgres())
            monkeypatch.setenv("SIYU_DATABASE_URL", shared["SIYU_DATABASE_URL"])
            settings.current.cache_clear()
        running = stack.enter_context(running_siyu(home, settings=shared))
        database = Database(settings.current().database)
        connect(database)
        yield running
        database.dispose()


@pytest.fixture
def brand(platform: Running) -> Tenant:
    return make_tenant(name="Tea house")
