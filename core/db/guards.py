"""What holds when code forgets: triggers on SQLite, row-level security on PostgreSQL, made from the models.

They are applied again after every upgrade and never written into migrations, because rebuilding a table drops its
triggers without a word.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from core.db.models import Model
from core.db.reading_guard import tenant_tables
from core.errors import BadConfiguration

APP, PLATFORM = "siyu_app", "siyu_platform"
_BOUND = "nullif(current_setting('app.tenant_id', true), '')::int"


def apply_guards(connection: Connection) -> None:
    """Put (or put again) the guards on every tenant table and every append-only one."""
    make = _sqlite_guards if connection.dialect.name == "sqlite" else _postgres_guards
    for statement in make():
        connection.exec_driver_sql(statement)


def check_guards(cursor: DBAPICursor, dialect: str) -> None:
    """Refuse an unguarded database. Every process asks with its first connection.

    Raises:
        BadConfiguration: names the tables without one of their guards.
    """
    is_bare = _bare_on_sqlite if dialect == "sqlite" else _bare_on_postgres
    bare = sorted(is_bare(cursor))
    if bare:
        raise BadConfiguration(f"Tables without their guard: {', '.join(bare)}; run `siyu init`.")


def _bare_on_sqlite(cursor: DBAPICursor) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    found = {name for (name,) in cursor.fetchall()}
    wanted = {(f"guard_{verb}_{table}", table) for table in tenant_tables() for verb in ("insert", "update", "delete")}
    wanted |= {(f"keep_{verb}_{table}", table) for table in _append_only() for verb in ("update", "delete")}
    return {table for name, table in wanted if name not in found}


def _bare_on_postgres(cursor: DBAPICursor) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        " AND relforcerowsecurity AND 2 = (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid"
        " AND polname IN (%s, %s))",
        (APP, PLATFORM),
    )
    guarded = {name for (name,) in cursor.fetchall()}
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND NOT has_table_privilege(%s, oid, 'UPDATE, DELETE')",
        (APP,),
    )
    kept = {name for (name,) in cursor.fetchall()}
    return set(tenant_tables() - guarded) | (set(_append_only()) - kept)


def _append_only() -> list[str]:
    return [t.name for t in Model.metadata.sorted_tables if t.info.get("append_only")]


def _sqlite_guards() -> Iterator[str]:
    for table in sorted(tenant_tables()):
        for verb, rows in (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",))):
            foreign = " OR ".join(f"{row}.tenant_id IS NOT cur_tenant()" for row in rows)
            yield f"DROP TRIGGER IF EXISTS guard_{verb}_{table}"
            yield (
                f"CREATE TRIGGER guard_{verb}_{table} BEFORE {verb.upper()} ON {table} WHEN cur_tenant() IS NOT 0 AND"
                f" ({foreign}) BEGIN SELECT RAISE(ABORT, 'tenant guard: {table}'); END"
            )
    for table in _append_only():
        for verb in ("update", "delete"):
            yield f"DROP TRIGGER IF EXISTS keep_{verb}_{table}"
            yield (
                f"CREATE TRIGGER keep_{verb}_{table} BEFORE {verb.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'append only: {table}'); END"
            )


def _postgres_guards() -> Iterator[str]:
    for role in (APP, PLATFORM):
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} NOLOGIN NOBYPASSRLS;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        yield f"GRANT {role} TO CURRENT_USER"
        yield f"GRANT USAGE ON SCHEMA public TO {role}"
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    for table in sorted(tenant_tables()):
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        for role, rule in ((APP, f"tenant_id = {_BOUND}"), (PLATFORM, "true")):
            yield f"DROP POLICY IF EXISTS {role} ON {table}"
            yield f"CREATE POLICY {role} ON {table} TO {role} USING ({rule}) WITH CHECK ({rule})"
    for table in _append_only():
        yield f"REVOKE UPDATE, DELETE ON {table} FROM {APP}, {PLATFORM}"


def has_table(connection: Connection, name: str) -> bool:
    """Whether the table is there."""
    return sa.inspect(connection).has_table(name)
