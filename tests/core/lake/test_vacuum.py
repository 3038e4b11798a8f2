"""On SQLite the lake remembers by row numbers how far it has read. A VACUUM, or a dump read in again, may change them:
then the lake notices and starts anew, and where nothing moved it just goes on."""

import sqlalchemy as sa

from core.db import Database, across_tenants, writing
from core.lake.checking import check_lake
from core.lake.flush import flush_lake, rebuild_lake
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.core.lake.made_facts import add_many, lake_rows


def forget_first_touches(tenant: Tenant, count: int) -> None:
    """As an erasure does: the numbers before those of the rest become free."""
    with writing(tenant.number) as session:
        first = sa.select(Touchpoint.id).order_by(Touchpoint.id).limit(count)
        session.execute(
            sa.delete(Touchpoint).where(Touchpoint.id.in_(first)).execution_options(synchronize_session=False)
        )


def close_gaps(count: int) -> None:
    """What SQLite reserves the right to do in a VACUUM, and does when a dump is read in."""
    with across_tenants(writing=True) as session:
        session.execute(sa.text("UPDATE touchpoint SET rowid = rowid - :count"), {"count": count})


def vacuum(db: Database) -> None:
    db.dispose()
    engine = sa.create_engine(db.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM")
    engine.dispose()


def test_moved_rows_make_lake_start_anew(db: Database, tenant: Tenant) -> None:
    add_many(tenant, 40)
    flush_lake(tenant.number)
    forget_first_touches(tenant, 3)
    if db.is_sqlite:
        close_gaps(3)
        assert "run `siyu lake rebuild`" in check_lake(tenant.number).faults[0]
    add_many(tenant, 20)
    flush_lake(tenant.number)
    flushed = lake_rows(tenant)
    rebuild_lake(tenant.number)
    rebuilt = lake_rows(tenant)
    assert len(rebuilt[0]) == 40 - 3 + 20
    assert flushed == rebuilt if db.is_sqlite else set(flushed[0]) > set(rebuilt[0])


def test_harmless_vacuum_is_followed_on(db: Database, tenant: Tenant) -> None:
    add_many(tenant, 40)
    flush_lake(tenant.number)
    vacuum(db)
    add_many(tenant, 2)
    assert flush_lake(tenant.number).touches == 2
