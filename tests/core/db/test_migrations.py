"""The migrations lead to the models' schema, with guards, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.db import Model
from core.db.guards import check_guards
from core.db.migrate import upgrade
from core.errors import BadConfiguration
from tests.servers.postgres import is_available, postgres


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
    elif not is_available():
        pytest.skip("no PostgreSQL here")
    else:
        with postgres() as url:
            yield url


def test_migrations_lead_to_the_models(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []
        check_guards(connection)
    engine.dispose()


def test_lost_guard_stops_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER guard_insert_counter")
        with pytest.raises(BadConfiguration, match="counter"):
            check_guards(connection)
    engine.dispose()
