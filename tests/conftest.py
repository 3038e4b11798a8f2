"""Fixtures of the whole suite: settings of their own, both databases, tenants, the app and its clients."""

import base64
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core import settings
from core.app import create_app
from core.db import Database, Model, connect, doors
from core.db.guards import apply_guards
from core.db.slices import load_models
from core.db.vaults import forget_vaults
from core.placements import front_door
from core.placements.link_cache import LinkCache
from core.tenants.models import Tenant
from tests.chromium import browser as browser
from tests.clients import OpenGate, RoleClient
from tests.factories.tenants import make_tenant
from tests.servers.postgres import is_available, postgres
from tests.simulators import simulator as simulator

pytest_plugins = ["tests.strictness"]
# A busy machine is no failure; all else, as that CI repeats the same examples, is as hypothesis chose it.
hypothesis.settings.register_profile("siyu", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("siyu")
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in [name for name in os.environ if name.startswith("SIYU_") and name not in KEPT]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SIYU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SIYU_SECRET_KEY", base64.b64encode(os.urandom(32)).decode())
    settings.current.cache_clear()
    forget_vaults()
    (tmp_path / "home").mkdir()
    yield tmp_path / "home"
    settings.current.cache_clear()


KEPT = ("SIYU_REQUIRE_ALL", "SIYU_SAMPLE_DATA", "SIYU_TEST_POSTGRES_URL", "SIYU_TEST_REDIS_URL")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "siyu.db"
    _build_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if not is_available():
        pytest.skip("no PostgreSQL here: set SIYU_TEST_POSTGRES_URL or install the package postgresql")
    with postgres() as url:
        _build_schema(url)
        yield url


@pytest.fixture(params=BOTH)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with schema and guards; once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "siyu.db")
        database = Database(f"sqlite:///{tmp_path / 'siyu.db'}")
    else:
        database = Database(request.getfixturevalue("postgres_url"))
    connect(database)
    yield database
    database.dispose()
    doors.database().dispose()  # a command under test may have connected one of its own
    if request.param == "postgres":
        _empty(database.url)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which nothing has been made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
    elif not is_available():
        pytest.skip("no PostgreSQL here: set SIYU_TEST_POSTGRES_URL or install the package postgresql")
    else:
        with postgres() as url:
            yield url


@pytest.fixture
def tenant(db: Database) -> Tenant:
    return make_tenant(name="Mine")


@pytest.fixture
def other_tenant(db: Database) -> Tenant:
    return make_tenant(name="Other")


@pytest.fixture
def app(db: Database, monkeypatch: pytest.MonkeyPatch) -> OpenAPI:
    # A customer waits a second for a link that is not in memory; a test on a busy machine waits longer.
    monkeypatch.setattr(front_door, "LinkCache", partial(LinkCache, wait_seconds=30.0))
    app = create_app(OpenGate())
    app.testing = True
    return app


@pytest.fixture
def client(app: OpenAPI, tenant: Tenant) -> RoleClient:
    """A client with every scope on every tenant; real gates are tested in tests/core/access."""
    return RoleClient(app, tenant)


def _build_schema(url: str) -> None:
    load_models()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        Model.metadata.create_all(connection)
        apply_guards(connection)
    engine.dispose()


def _empty(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in Model.metadata.sorted_tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    engine.dispose()
