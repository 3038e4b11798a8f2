"""The short way into SQLite: one prepared INSERT and the driver's `executemany`.

SQLAlchemy binds and returns each row by itself, which costs as much again as SQLite does. The guards stay: triggers
fire as for any other statement.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ColumnElementColumnDefault, ScalarElementColumnDefault

from core.db.models import PlatformRow, TenantRow

Rows = Sequence[Mapping[str, object]]
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class _Slot:
    """One column of the statement: where its value comes from, and how the driver wants it."""

    name: str
    bind: Callable[[object], object] | None
    default: Callable[[], object] | None

    def values(self, rows: Rows) -> list[object]:
        given = [row[self.name] for row in rows] if self.default is None else [self.default() for _ in rows]
        return given if self.bind is None else list(map(self.bind, given))


def insert_rows(
    session: Session, model: type[TenantRow] | type[PlatformRow], rows: Rows, *, conflict: Sequence[str]
) -> list[uuid.UUID]:
    """Insert the rows that are not there yet; all of them have the same keys, `id` among them."""
    connection = session.connection()
    slots, fixed = _columns(model, rows[0], connection)
    names = ", ".join([*(slot.name for slot in slots), *fixed])
    places = ", ".join([*("?" for _ in slots), *fixed.values()])
    # Names come from the models; values are bound.
    statement = f"INSERT INTO {model.__tablename__} ({names}) VALUES ({places})"  # noqa: S608 -- see the line above
    statement += f" ON CONFLICT ({', '.join(conflict)}) DO NOTHING"
    values = zip(*(slot.values(rows) for slot in slots), strict=True)
    result = connection.exec_driver_sql(statement, list(values))
    ids = [row_id for row in rows if isinstance(row_id := row["id"], uuid.UUID)]
    return ids if result.rowcount == len(rows) else _present(session, model, ids)


def _columns(
    model: type[TenantRow] | type[PlatformRow], row: Mapping[str, object], connection: Connection
) -> tuple[list[_Slot], dict[str, str]]:
    """The columns bound for each row, and those with an SQL expression of their own."""
    slots, fixed = [], {}
    for column in model.__table__.columns:
        if column.name in row:
            slots.append(_Slot(column.name, _binder(column, connection.dialect), None))
        elif isinstance(column.default, ColumnElementColumnDefault):
            fixed[column.name] = str(column.default.arg.compile(dialect=connection.dialect))
        elif isinstance(column.default, (CallableColumnDefault, ScalarElementColumnDefault)):
            slots.append(_Slot(column.name, _binder(column, connection.dialect), _maker(column.default)))
    return slots, fixed


def _binder(column: sa.ColumnElement[object], dialect: Dialect) -> Callable[[object], object] | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _maker(default: CallableColumnDefault | ScalarElementColumnDefault) -> Callable[[], object]:
    if isinstance(default, ScalarElementColumnDefault):
        return lambda: default.arg
    # SQLAlchemy wraps every callable default so that it takes the statement's context, which ours ignore.
    return lambda: default.arg(None)  # type: ignore[arg-type]  # see above


def _present(session: Session, model: type[TenantRow] | type[PlatformRow], ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Fewer rows than given went in: ask which of these fresh ids are there."""
    found: list[uuid.UUID] = []
    for start in range(0, len(ids), CHUNK):
        found += session.scalars(sa.select(model.id).where(model.id.in_(ids[start : start + CHUNK])))
    return found
