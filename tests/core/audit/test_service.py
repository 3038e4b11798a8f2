"""The log in the database: written with the deed, never changed, provably whole."""

import threading

import pytest
import sqlalchemy as sa

from core import audit
from core.audit.service import broken_at
from core.db import Database, platform_reading, platform_writing, writing
from core.tenants.models import Tenant


def test_deed_and_entry_share_a_fate(tenant: Tenant) -> None:
    with pytest.raises(ZeroDivisionError), writing(tenant.number) as session:
        audit.record(session, "thing.made", "thing:1")
        raise ZeroDivisionError
    with platform_reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM audit_log")) == 0


def test_bound_session_names_tenant_and_agency(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        entry = audit.record(session, "thing.made", "thing:1", {"size": 3})
    assert (entry.tenant_number, entry.agency_id, entry.actor) == (tenant.number, tenant.agency_id, "system")


def test_named_actor_signs_entry(tenant: Tenant) -> None:
    with writing(tenant.number) as session, audit.acting_as(audit.Actor("user:1")):
        assert audit.record(session, "thing.made", "thing:1").actor == "user:1"


def test_entry_without_agency_is_refused(tenant: Tenant) -> None:
    with pytest.raises(ValueError, match="agency_id"), platform_writing() as session:
        audit.record(session, "thing.made", "thing:1")


def test_chain_holds_through_many_entries(tenant: Tenant) -> None:
    for number in range(5):
        with writing(tenant.number) as session:
            audit.record(session, "thing.made", f"thing:{number}", {"name": "刘", "half": 0.5})
    with platform_reading() as session:
        assert broken_at(session, tenant.agency_id) is None


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_log_cannot_be_rewritten(tenant: Tenant, statement: str) -> None:
    with writing(tenant.number) as session:
        audit.record(session, "thing.made", "thing:1")
    with pytest.raises(sa.exc.DBAPIError), platform_writing() as session:
        session.execute(sa.text(statement))


def test_tampering_below_us_shows(tenant: Tenant, db: Database) -> None:
    for number in range(3):
        with writing(tenant.number) as session:
            audit.record(session, "thing.made", f"thing:{number}")
    statements = ["DROP TRIGGER keep_update_audit_log"] if db.is_sqlite else []
    tamper = "UPDATE audit_log SET subject = 'thing:9' WHERE seq = 2"
    engine = sa.create_engine(db.url)  # the owner's own connection, past our doors
    with engine.begin() as connection:
        for statement in [*statements, tamper]:
            connection.exec_driver_sql(statement)
    engine.dispose()
    with platform_reading() as session:
        assert broken_at(session, tenant.agency_id) == 2


def test_cut_off_end_shows(tenant: Tenant, db: Database) -> None:
    for number in range(3):
        with writing(tenant.number) as session:
            audit.record(session, "thing.made", f"thing:{number}")
    statements = ["DROP TRIGGER keep_delete_audit_log"] if db.is_sqlite else []
    engine = sa.create_engine(db.url)
    with engine.begin() as connection:
        for statement in [*statements, "DELETE FROM audit_log WHERE seq = 3"]:
            connection.exec_driver_sql(statement)
    engine.dispose()
    with platform_reading() as session:
        assert broken_at(session, tenant.agency_id) == 3


def test_writers_at_once_keep_order(tenant: Tenant) -> None:
    def write() -> None:
        for number in range(5):
            with writing(tenant.number) as session:
                audit.record(session, "thing.made", f"thing:{number}")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with platform_reading() as session:
        assert session.scalar(sa.text("SELECT max(seq) FROM audit_log")) == 20
        assert broken_at(session, tenant.agency_id) is None
