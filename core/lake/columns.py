"""Results of queries as arrays, column by column, inside the caller's own transaction: no object a row.

PostgreSQL sends binary COPY, whose rows are of one width when no value is null. SQLite puts each column into one text
of numbers. Why not ADBC, which wants a connection of its own: docs/lake.md.
"""

from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.db import Id

Arrays = dict[str, NDArray[Any]]
"""int64[n] by name; an id is uint64[n, 2], its high and low word."""

AnySelect = sa.Select[*tuple[Any, ...]]
COPY_HEADER, COPY_TRAILER = 19, 2


def read_columns(session: Session, query: AnySelect) -> Arrays:
    """All rows of a query whose columns are integers or ids, named, and never null."""
    if session.get_bind().dialect.name == "sqlite":
        return _from_sqlite(session, query)
    return _from_postgres(session, query)


def _from_sqlite(session: Session, query: AnySelect) -> Arrays:
    rows = query.subquery()
    packed = [sa.func.group_concat(sa.func.hex(c), "") if _is_id(c) else sa.func.group_concat(c) for c in rows.c]
    texts = session.execute(sa.select(*packed)).one()
    arrays = {}
    for column, text in zip(rows.c, texts, strict=True):
        if _is_id(column):
            arrays[column.name] = np.frombuffer(bytes.fromhex(text or ""), ">u8").astype(np.uint64).reshape(-1, 2)
        else:
            arrays[column.name] = np.fromstring(text or "", np.int64, sep=",")
    return arrays


def _from_postgres(session: Session, query: AnySelect) -> Arrays:
    columns = list(query.selected_columns)
    wide = query.with_only_columns(*(c if _is_id(c) else sa.cast(c, sa.BigInteger).label(c.name) for c in columns))
    compiled = wide.compile(dialect=session.get_bind().dialect, compile_kwargs={"render_postcompile": True})
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT BINARY)", compiled.params) as c,
    ):
        raw = b"".join(c)
    layout: list[tuple[object, ...]] = [("fields", ">i2")]
    for column in columns:
        layout += [(f"{column.name} length", ">i4"), (column.name, (">u8", 2) if _is_id(column) else ">i8")]
    rows = np.frombuffer(raw[COPY_HEADER:-COPY_TRAILER], np.dtype(layout))
    assert bool((rows["fields"] == len(columns)).all()), "a null value shifts all that follow"
    return {c.name: rows[c.name].astype(np.uint64 if _is_id(c) else np.int64) for c in columns}


def _is_id(column: sa.ColumnElement[Any]) -> bool:
    return isinstance(column.type, Id)
