"""The short way into PostgreSQL: one prepared INSERT that unfolds an array a column.

COPY knows no ON CONFLICT and is refused on a table with row-level security; through a temporary table it would leave
rows in the system catalogue with every batch. Arrays go in one statement, under the same policies as any other.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from core.db.bulk_columns import Columns, Layout, Slot, lay_out
from core.db.models import PlatformRow, TenantRow


def insert_rows(
    session: Session,
    model: type[TenantRow] | type[PlatformRow],
    columns: Columns,
    fixed: Mapping[str, object],
    *,
    conflict: Sequence[str],
) -> int:
    """Insert the rows that are not there yet; returns how many went in."""
    connection = session.connection()
    statement, layout = _prepare(model, frozenset(columns), frozenset(fixed), tuple(conflict), connection.dialect)
    count = len(columns["id"])
    values = [list(slot.bind([fixed[slot.column.name]])) for slot in layout.fixed]
    values += [list(slot.values(columns, count)) for slot in layout.slots]
    return connection.exec_driver_sql(statement, tuple(values)).rowcount


@lru_cache(maxsize=256)
def _prepare(
    model: type[TenantRow] | type[PlatformRow],
    given: frozenset[str],
    fixed: frozenset[str],
    conflict: tuple[str, ...],
    dialect: Dialect,
) -> tuple[str, Layout]:
    layout = lay_out(model, given, fixed, dialect)
    bound = [slot.column.name for slot in layout.slots]
    arrays = ", ".join(f"%s::{_carrier(slot)}[]" for slot in layout.slots)
    taken = [f"given.{slot.column.name}{_cast(slot)}" for slot in layout.slots]
    taken += [f"(%s::{_carrier(slot)}[])[1]{_cast(slot)}" for slot in layout.fixed]
    names = ", ".join([*bound, *(slot.column.name for slot in layout.fixed), *layout.expressions])
    wanted = ", ".join([*taken, *layout.expressions.values()])
    # Names come from the models; values are bound.
    statement = f"INSERT INTO {model.__tablename__} ({names}) SELECT {wanted}"
    statement += f" FROM unnest({arrays}) AS given({', '.join(bound)})"
    return f"{statement} ON CONFLICT ({', '.join(conflict)}) DO NOTHING", layout


def _carrier(slot: Slot) -> str:
    """The type a value travels as. Text stays text: a cast to VARCHAR(n) would cut it short without a word."""
    kind = slot.column.type
    if isinstance(kind, (sa.String, sa.JSON)):
        return "text"
    return str(kind.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def _cast(slot: Slot) -> str:
    return "::jsonb" if isinstance(slot.column.type, sa.JSON) else ""
