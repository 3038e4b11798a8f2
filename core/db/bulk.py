"""Many rows at once: insert-or-ignore, dense numbers, and one row by its id."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db.bulk_sqlite import insert_rows
from core.db.doors import tenant_of
from core.db.models import Counter, PlatformRow, TenantRow, new_id, parse_id
from core.errors import NotFound

Row = TypeVar("Row", bound=TenantRow)


def insert_new(
    session: Session,
    model: type[TenantRow] | type[PlatformRow],
    rows: Sequence[Mapping[str, object]],
    *,
    conflict: Sequence[str],
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
    fixed = {"tenant_id": tenant_of(session)} if issubclass(model, TenantRow) else {}
    filled = [{"id": new_id(), **row, **fixed} for row in rows]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite and all(row.keys() == filled[0].keys() for row in filled):
        return insert_rows(session, model, filled, conflict=[*fixed, *conflict])
    dialect = sqlite if is_sqlite else postgresql
    statement = dialect.insert(model).on_conflict_do_nothing(index_elements=[*fixed, *conflict]).returning(model.id)
    return list(session.scalars(statement, filled))


def next_numbers(session: Session, name: str, count: int = 1) -> range:
    """The next `count` dense numbers of the bound tenant for `name`; rolled back with the transaction."""
    tenant = tenant_of(session)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
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
