"""A net under the ORM's tenant criteria: refuses reads of tenant tables that name no tenant at all.

SQLite has no row-level security, so a hand-written `SELECT … FROM contact` would see every brand. The check reads
the text of the statement; it is the last net, not the first: ORM criteria come before it, and on PostgreSQL the
policies hold whatever the text says.
"""

import re
from functools import lru_cache

from sqlalchemy.engine import Connection, ExecutionContext
from sqlalchemy.engine.interfaces import DBAPICursor

from core.db.models import Model, TenantTable
from core.errors import SiyuError

_SCOPED = re.compile(r"tenant_id\s*(=|IN\b|,)", re.IGNORECASE)


class Unscoped(SiyuError):
    """A statement reads a tenant's table without naming the tenant."""

    code = "unscoped"


def tenant_tables() -> frozenset[str]:
    """Names of all mapped tables that hold tenants' rows."""
    return frozenset(m.local_table.name for m in Model.registry.mappers if issubclass(m.class_, TenantTable))  # type: ignore[attr-defined]  # mapped classes are backed by tables here


def refuse_unscoped(
    connection: Connection,
    cursor: DBAPICursor,
    statement: str,
    parameters: object,
    context: ExecutionContext | None,
    many: bool,
) -> None:
    """Raise `Unscoped` for a read, update or delete of a tenant table that mentions no `tenant_id`."""
    if connection.info.get("tenant") == 0 or statement[:6].upper() not in ("SELECT", "UPDATE", "DELETE", "WITH  "):
        return
    named = _unscoped_table(statement)
    if named:
        raise Unscoped(f"A statement on {named} names no tenant_id; use the ORM or `across_tenants()`.")


@lru_cache(maxsize=4096)
def _unscoped_table(statement: str) -> str | None:
    if _SCOPED.search(statement.split("FROM", 1)[-1] if statement[:6].upper() == "SELECT" else statement):
        return None
    words = set(re.findall(r"(?:FROM|JOIN|UPDATE|INTO)\s+\"?([a-z_]+)", statement, re.IGNORECASE))
    return next(iter(words & tenant_tables()), None)
