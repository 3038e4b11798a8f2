"""The migrations lead to the models' schema, with guards, on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.db import Database, Model, connect, database, platform_reading
from core.db.migrate import upgrade
from core.errors import BadConfiguration


def test_migrations_lead_to_the_models(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Model.metadata) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("DROP TRIGGER guard_insert_counter", "ALTER TABLE counter NO FORCE ROW LEVEL SECURITY"),
        ("DROP TRIGGER guard_update_counter", "DROP POLICY siyu_app ON counter"),
        ("DROP TRIGGER keep_update_merge_log", "GRANT UPDATE ON merge_log TO siyu_app"),
    ],
)
def test_lost_guard_stops_every_process(empty_url: str, sqlite: str, postgres: str) -> None:
    upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(sqlite if engine.name == "sqlite" else postgres)
    engine.dispose()
    connect(Database(empty_url))
    with pytest.raises(BadConfiguration, match=r"(counter|merge_log); run `siyu init`"), platform_reading() as session:
        session.connection()
    upgrade(empty_url)
    with platform_reading() as session:
        session.connection()
    database().dispose()
