"""Every table is a tenant's and guarded, or stands on the reviewed list; keys never cross tenants."""

from typing import Any

import pytest
import sqlalchemy as sa

from core.db import Database, Model
from core.db.models import TenantTable
from core.db.slices import load_models
from tests.architecture.platform_tables import PLATFORM

load_models()
TENANT_TABLES = sorted(
    (m.local_table for m in Model.registry.mappers if issubclass(m.class_, TenantTable)),
    key=lambda table: str(table),
)
NAMES = [str(table) for table in TENANT_TABLES]


def test_every_table_is_classified() -> None:
    bare = set(Model.metadata.tables) - set(NAMES) - set(PLATFORM)
    assert not bare, f"derive these from TenantRow, or say in platform_tables.py why not: {bare}"


@pytest.mark.parametrize("table", TENANT_TABLES, ids=NAMES)
def test_keys_begin_with_tenant(table: sa.Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "tenant_id"
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            assert "tenant_id" in constraint.columns, f"{constraint.name} tells of another tenant's rows"
    for index in table.indexes:
        assert not index.unique or "tenant_id" in index.columns, f"{index.name} tells of another tenant's rows"


@pytest.mark.parametrize("table", TENANT_TABLES, ids=NAMES)
def test_references_stay_in_tenant(table: sa.Table) -> None:
    for constraint in table.foreign_key_constraints:
        if str(constraint.referred_table) not in PLATFORM:
            pairs = {(e.parent.name, e.column.name) for e in constraint.elements}
            assert ("tenant_id", "tenant_id") in pairs, f"{constraint.name} could point into another tenant"


def test_database_guards_every_tenant_table(db: Database) -> None:
    if db.is_sqlite:
        query = "SELECT tbl_name, count(*) FROM sqlite_master WHERE type='trigger' AND name LIKE 'guard_%' GROUP BY 1"
        guarded = {name for name, count in _rows(db, query) if count == 3}
    else:
        query = (
            "SELECT c.relname, count(p.*) FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.with_check IS NOT NULL AND p.qual IS NOT NULL"
            " GROUP BY 1"
        )
        guarded = {name for name, count in _rows(db, query) if count == 2}
    assert guarded == set(NAMES)


def test_database_has_no_other_tables(db: Database) -> None:
    inspector = sa.inspect(db.engine)
    assert set(inspector.get_table_names()) <= set(NAMES) | set(PLATFORM)
    assert inspector.get_view_names() == []


@pytest.mark.parametrize("flag", ["rolsuper", "rolbypassrls", "rolcanlogin"])
def test_app_role_is_bound_by_policies(db: Database, flag: str) -> None:
    if db.is_sqlite:
        return
    roles = _rows(db, f"SELECT rolname FROM pg_roles WHERE rolname IN ('siyu_app', 'siyu_platform') AND {flag}")
    assert roles == []
    assert _rows(db, "SELECT tablename FROM pg_tables WHERE tableowner IN ('siyu_app', 'siyu_platform')") == []
    assert _rows(db, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace") == []


def _rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(db.url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]
    finally:
        engine.dispose()
