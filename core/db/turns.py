"""Taking turns: what one transaction must not do while another of the same tenant does it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db.doors import tenant_of


def take_turn(session: Session) -> bool:
    """Wait until no other transaction of the tenant holds its turn, and keep it to the end of this one.

    There is one turn a tenant, so that no two transactions can hold what the other waits for. Whoever takes it must
    look again at what was looked up before: true where others may have come first. SQLite's writers queue at the door,
    so there is nothing to wait for.
    """
    if session.get_bind().dialect.name == "sqlite":
        return False
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(tenant_of(session), 1)))
    return True
