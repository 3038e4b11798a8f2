"""Whether a database still is what the last upgrade left, told in milliseconds and without SQLAlchemy.

Two things decide: the code that makes the schema and its guards, and the shape that the database says it has. While
both are as they were, an upgrade would change nothing.
"""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

CORE = Path(__file__).resolve().parent.parent
APPLIED = "SELECT version_num FROM alembic_version ORDER BY version_num"
SQLITE_SHAPE = ("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",)
POSTGRES_SHAPE = (
    "SELECT relname, relkind::text, relrowsecurity, relforcerowsecurity, relacl::text FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace ORDER BY relname",
    "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    " WHERE schemaname = 'public' ORDER BY tablename, policyname",
    "SELECT rolname, rolsuper, rolbypassrls, pg_has_role(rolname, 'MEMBER') FROM pg_roles"
    " WHERE rolname IN ('siyu_app', 'siyu_platform') ORDER BY rolname",
)

Rows = list[list[tuple[object, ...]]]


def fingerprint(url: str) -> str | None:
    """A digest of code and shape; none of a database that does not answer or that no upgrade has reached."""
    shape = _ask(url, (*(SQLITE_SHAPE if url.startswith("sqlite") else POSTGRES_SHAPE), APPLIED))
    if shape is None:
        return None
    digest = hashlib.sha256(repr(shape).encode())
    for file in _files_that_decide():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def has_agency(url: str) -> bool:
    """Whether somebody lives in this database."""
    found = _ask(url, ("SELECT 1 FROM agency LIMIT 1",))
    return found is not None and bool(found[0])


def _files_that_decide() -> Iterator[Path]:
    yield from sorted((CORE / "db").glob("*.py"))
    yield from sorted((CORE / "migrations").rglob("*.py"))
    yield from sorted(CORE.glob("*/models.py"))


def _ask(url: str, queries: Sequence[str]) -> Rows | None:
    if url.startswith("sqlite"):
        return _ask_sqlite(Path(url.removeprefix("sqlite:///")), queries)
    return _ask_postgres(url.replace("+psycopg", "", 1), queries)


def _ask_sqlite(file: Path, queries: Sequence[str]) -> Rows | None:
    if not file.is_file():
        return None
    with contextlib.closing(sqlite3.connect(file)) as connection:
        try:
            return [connection.execute(query).fetchall() for query in queries]
        except sqlite3.DatabaseError:
            return None


def _ask_postgres(url: str, queries: Sequence[str]) -> Rows | None:
    import psycopg  # here: most installations have no PostgreSQL, and the supervisor stays small

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return [connection.execute(query.encode()).fetchall() for query in queries]
    except psycopg.Error:
        return None
