"""The short way into SQLite: one prepared INSERT and the driver's `executemany`.

SQLAlchemy binds and returns each row by itself, which costs as much again as SQLite does. The guards stay: triggers
fire as for any other statement.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat

from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from core.db.bulk_columns import Columns, Layout, lay_out
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
    bound = [slot.values(columns, count) for slot in layout.slots]
    bound += [repeat(next(iter(slot.bind([fixed[slot.column.name]]))), count) for slot in layout.fixed]
    return connection.exec_driver_sql(statement, list(zip(*bound, strict=True))).rowcount


@lru_cache(maxsize=256)
def _prepare(
    model: type[TenantRow] | type[PlatformRow],
    given: frozenset[str],
    fixed: frozenset[str],
    conflict: tuple[str, ...],
    dialect: Dialect,
) -> tuple[str, Layout]:
    layout = lay_out(model, given, fixed, dialect)
    bound = [slot.column.name for slot in (*layout.slots, *layout.fixed)]
    names = ", ".join([*bound, *layout.expressions])
    places = ", ".join([*("?" for _ in bound), *layout.expressions.values()])
    # Names come from the models; values are bound.
    statement = f"INSERT INTO {model.__tablename__} ({names}) VALUES ({places})"  # noqa: S608 -- see the line above
    return f"{statement} ON CONFLICT ({', '.join(conflict)}) DO NOTHING", layout
