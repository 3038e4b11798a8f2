"""Many rows at once: insert-or-ignore, dense numbers, and one row by its id."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db import bulk_postgres, bulk_sqlite
from core.db.among import among
from core.db.doors import tenant_of
from core.db.models import Counter, PlatformRow, TenantRow, new_id, parse_id
from core.errors import NotFound

Row = TypeVar("Row", bound=TenantRow)
Table = type[TenantRow] | type[PlatformRow]


def insert_new(
    session: Session, model: Table, rows: Sequence[Mapping[str, object]], *, conflict: Sequence[str]
) -> list[uuid.UUID]:
    """Insert the rows that are not there yet.

    Args:
        rows: column values; `tenant_id` is added for tenant tables, and `id` where it is missing.
        conflict: columns of the unique key that makes a row a duplicate (without `tenant_id`).

    Returns:
        The ids of the rows really inserted, in no promised order.
    """
    if not rows:
        return []
    ids = [row_id if isinstance(row_id := row.get("id"), uuid.UUID) else new_id() for row in rows]
    names = rows[0].keys()
    if all(row.keys() == names for row in rows):
        columns = {name: [row[name] for row in rows] for name in names} | {"id": ids}
        return [ids[i] for i in insert_columns(session, model, columns, conflict=conflict)]
    fixed = _owner(session, model)
    dialect = sqlite if _is_sqlite(session) else postgresql
    statement = dialect.insert(model).on_conflict_do_nothing(index_elements=[*fixed, *conflict]).returning(model.id)
    return list(
        session.scalars(statement, [{**row, "id": row_id, **fixed} for row, row_id in zip(rows, ids, strict=True)])
    )


def insert_columns(
    session: Session,
    model: Table,
    columns: Mapping[str, Sequence[object]],
    *,
    conflict: Sequence[str],
    same: Mapping[str, object] | None = None,
) -> Sequence[int]:
    """Insert the rows that are not there yet, given column by column: the short way for a thousand rows.

    Args:
        columns: the values of each column, all equally many; `id` (see `new_ids`) is among them.
        conflict: columns of the unique key that makes a row a duplicate (without `tenant_id`).
        same: columns that hold one value in all rows.

    Returns:
        Which rows were really inserted: their places, in order.
    """
    ids = columns["id"]
    if not ids:
        return ()
    owner = _owner(session, model)
    fixed, key = {**owner, **(same or {})}, [*owner, *conflict]
    insert = bulk_sqlite.insert_rows if _is_sqlite(session) else bulk_postgres.insert_rows
    if insert(session, model, columns, fixed, conflict=key) == len(ids):
        return range(len(ids))
    wanted = [uuid.UUID(bytes=row_id.bytes) for row_id in ids]  # type: ignore[attr-defined]  # ids are UUIDs
    present = set(session.scalars(sa.select(model.id).where(among(session, model.id, wanted))))
    return [i for i, row_id in enumerate(wanted) if row_id in present]


def _owner(session: Session, model: Table) -> dict[str, object]:
    return {"tenant_id": tenant_of(session)} if issubclass(model, TenantRow) else {}


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def next_numbers(session: Session, name: str, count: int = 1) -> range:
    """The next `count` dense numbers of the bound tenant for `name`; rolled back with the transaction."""
    tenant = tenant_of(session)
    dialect = sqlite if _is_sqlite(session) else postgresql
    statement = dialect.insert(Counter).values(tenant_id=tenant, name=name, value=count)
    last = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "name"], set_={"value": Counter.value + statement.excluded.value}
        ).returning(Counter.value)
    )
    assert last is not None
    return range(last - count + 1, last + 1)


def find(session: Session, model: type[Row], row_id: str | uuid.UUID) -> Row:
    """One row of the bound tenant.

    Raises:
        NotFound: no such row, a malformed id, or a row of another tenant; all three look the same.
    """
    key = parse_id(row_id) if isinstance(row_id, str) else row_id
    row = session.scalar(sa.select(model).where(model.id == key))
    if row is None:
        raise NotFound
    return row
