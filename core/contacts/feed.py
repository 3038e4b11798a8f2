"""What the lake follows: append-only tables whose rows say which transaction wrote them.

On PostgreSQL ids and times may become visible out of order, so the lake reads only rows whose `tx` lies
below the oldest running transaction (`pg_snapshot_xmin(pg_current_snapshot())`). SQLite has one writer,
so its rowid tells the order; `tx` is 0 there.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.db import Json, TenantRow, tenant_of
from core.jobs.service import submit

FLUSH, TELL = "lake.flush", "facts.tell"


class current_tx(FunctionElement[int]):  # noqa: N801 -- an SQL function, written as SQLAlchemy writes its own
    """The number of the running transaction, 0 where the database has none."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(current_tx, "postgresql")
def _postgres_tx(element: current_tx, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)"


@compiles(current_tx)
def _no_tx(element: current_tx, compiler: SQLCompiler, **options: Any) -> str:
    return "0"


class Fed:
    """Mixin of tables that the lake follows."""

    tx: Mapped[int] = mapped_column(sa.BigInteger, default=current_tx(), sort_order=90)


class FactFeed(TenantRow):
    """How far a brand's facts have been told to the outside (core/outgoing). Without a row it tells nobody."""

    __tablename__ = "fact_feed"
    __table_args__ = (sa.UniqueConstraint("tenant_id", name="uq_fact_feed_tenant_id"),)

    positions: Mapped[dict[str, object]] = mapped_column(Json)


def tell_lake(session: Session) -> None:
    """Ask for a flush of the bound tenant, once a transaction; many asks before it runs are one job. A brand that
    tells its facts to the outside has that done as well."""
    if FLUSH not in session.info:
        submit(session, FLUSH, {}, tenant_id=tenant_of(session), coalesce="")
        if session.scalar(sa.select(FactFeed.id)) is not None:
            submit(session, TELL, {}, tenant_id=tenant_of(session), coalesce="")
        session.info[FLUSH] = True
