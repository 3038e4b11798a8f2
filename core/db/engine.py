"""One database of this process: its engine, and what every connection and transaction starts with."""

import contextlib
import sqlite3
import threading
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.db.guards import check_guards
from core.db.reading_guard import refuse_unscoped

Mode = Literal["reading", "writing"]
ACROSS = 0
"""What `cur_tenant()` answers inside `across_tenants()`; tenants' numbers start at 1."""

BUSY_MS = 15_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",
    "wal_autocheckpoint=8000",  # pages that many commits of an import change are copied once every 32 MB
    "journal_size_limit=67108864",  # a log that a long reader let grow gives its disk back
)


@dataclass
class Database:
    """An engine with its doors' rules installed. SQLite has one writer, so writers of a process queue here first.

    With `hurried`, commits survive the death of a process but the last ones not a power failure.
    """

    url: str
    hurried: bool = False
    engine: Engine = field(init=False)
    writer: threading.Lock = field(default_factory=threading.Lock)
    is_guarded: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        event.listen(self.engine, "connect", self._require_guards)
        if self.hurried:
            event.listen(self.engine, "connect", self._hurry)
        event.listen(self.engine, "before_cursor_execute", refuse_unscoped)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.startswith("sqlite")

    def bound(self, mode: Mode, tenant: int | None) -> Engine:
        """The engine whose transactions are in this mode and bound to this tenant (None: none, ACROSS: all)."""
        return self.engine.execution_options(siyu_mode=mode, siyu_tenant=tenant)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _hurry(self, connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL" if self.is_sqlite else "SET synchronous_commit = off")
        connection.commit()

    def _require_guards(self, connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """With the first connection of a process: a database without its guards is not worked with at all."""
        if not self.is_guarded:
            with contextlib.closing(connection.cursor()) as cursor:
                check_guards(cursor, self.engine.dialect.name)
            connection.rollback()
            self.is_guarded = True


# Engines hide parameters: an error of the database goes into the log, and a row's values have no business there.


def _sqlite_engine(url: str) -> Engine:
    options = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=options, pool_size=32, hide_parameters=True)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.isolation_level = None  # BEGIN is ours: immediate for writers
    info = record.info
    connection.create_function("cur_tenant", 0, lambda: info.get("tenant"))
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    mode, info = options.get("siyu_mode", "writing"), connection.info
    info["tenant"] = options.get("siyu_tenant")
    if info.get("mode") != mode:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'reading' else 'OFF'}")
        info["mode"] = mode
    connection.exec_driver_sql("BEGIN" if mode == "reading" else "BEGIN IMMEDIATE")


def _postgres_engine(url: str) -> Engine:
    options = {"options": "-c role=siyu_app"}
    engine = sa.create_engine(url, connect_args=options, pool_size=16, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "begin", _begin_postgres)
    return engine


def _begin_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    tenant = options.get("siyu_tenant")
    connection.info["tenant"] = tenant
    connection.exec_driver_sql(
        "SELECT set_config('app.tenant_id', %s, true), set_config('role', %s, true),"
        " set_config('transaction_read_only', %s, true)",
        (
            "" if tenant is None else str(tenant),
            "siyu_platform" if tenant == ACROSS else "siyu_app",
            "on" if options.get("siyu_mode") == "reading" else "off",
        ),
    )
