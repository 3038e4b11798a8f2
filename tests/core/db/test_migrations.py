"""The migrations lead to the models' schema, with guards, on both databases."""

import uuid

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.db import Database, Id, Model, connect, database, platform_reading
from core.db.migrate import _config, upgrade
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


def rows_for(table: str, columns: dict[str, object], connection: sa.Connection) -> None:
    """A row of an older schema: its columns are named here, for the models have moved on."""
    shape = sa.table(table, *(sa.column(name, Id() if name in ("id", "agency_id") else None) for name in columns))
    connection.execute(sa.insert(shape).values(columns))


def test_erased_names_leave_the_identities(empty_url: str) -> None:
    engine, agency = sa.create_engine(empty_url), uuid.uuid4()
    with engine.begin() as connection:
        command.upgrade(_config(connection), "0037")
        rows_for("agency", {"id": agency, "name": "A", "created_at": 0}, connection)
        brand = {"number": 1, "id": uuid.uuid4(), "agency_id": agency, "name": "B", "data_key": b"k", "created_at": 0}
        rows_for("tenant", brand | {"timezone": "UTC", "currency": "CNY"}, connection)
        for number, sealed, erased_at in ((1, b"", 5), (2, b"sealed", None)):
            own = {"tenant_id": 1, "id": uuid.uuid4(), "created_at": 0}
            rows_for("contact", own | {"number": number, "erased_at": erased_at}, connection)
            name = {"contact_number": number, "kind": "phone", "app": "", "blind_index": bytes([number]) * 32}
            rows_for("identity", own | name | {"sealed": sealed}, connection)
        if engine.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER guard_delete_identity BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    upgrade(empty_url)
    with engine.connect() as connection:
        moved = connection.exec_driver_sql("SELECT contact_number, kind, at FROM erased_name").all()
        left = connection.exec_driver_sql("SELECT contact_number FROM identity").all()
    engine.dispose()
    assert (moved, left) == ([(1, "phone", 5)], [(2,)])
