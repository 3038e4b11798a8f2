"""`siyu lake`: finds what is wrong with a lake, and puts it right."""

import numpy as np
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from core import settings
from core.cli import siyu
from core.contacts import service as contacts
from core.db import Database, across_tenants, reading, writing
from core.lake import growth
from core.lake.checking import check_lake
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake
from core.lake.manifest import take_snapshot
from core.lake.models import LakePart
from core.lake.parts import lake_folder, write_facts
from core.lake.reading import read_bucket
from core.orders import service as orders
from core.tenants.models import Tenant
from tests.core.lake.made_facts import add_many, add_order, at, lake_rows


@pytest.fixture
def terminal(db: Database, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    url = db.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SIYU_DATABASE_URL", url)
    settings.current.cache_clear()
    return CliRunner()


def run(terminal: CliRunner, *words: str) -> Result:
    return terminal.invoke(siyu, ["lake", *words], catch_exceptions=True)


@pytest.fixture
def filled(tenant: Tenant) -> Tenant:
    add_many(tenant, 50)
    flush_lake(tenant.number)
    add_many(tenant, 20)
    flush_lake(tenant.number)
    return tenant


def swap_touches(tenant: Tenant, **changed: object) -> None:
    """Put a file with other touches in the place of the first one."""
    with writing(tenant.number) as session:
        snapshot = take_snapshot(session)
        part = snapshot.of_bucket(0, "touches")[0]
        touches = read_bucket(snapshot, 0).touches
        columns = {name: getattr(touches, name)[: part.rows].copy() for name in touches.__dataclass_fields__}
        forged = write_facts(tenant.number, 0, type(touches)(**(columns | changed)))
        row = session.scalars(sa.select(LakePart).where(LakePart.name == part.name)).one()
        row.name = forged.name


def test_whole_lake_is_called_whole(terminal: CliRunner, filled: Tenant, other_tenant: Tenant) -> None:
    said = run(terminal, "check")
    assert (said.exit_code, said.output.count("whole, and equal")) == (0, 2)
    assert "70 touches, 7 orders" in said.output


def test_missing_file_is_found_and_rebuilt(terminal: CliRunner, filled: Tenant) -> None:
    next(lake_folder(filled.number).rglob("*touches.parquet")).unlink()
    said = run(terminal, "check", "--tenant", filled.name)
    assert (said.exit_code, "is missing" in said.output) == (1, True)
    assert "70 touches and 7 orders" in run(terminal, "rebuild").output
    assert run(terminal, "check").exit_code == 0


def test_torn_file_is_found(terminal: CliRunner, filled: Tenant) -> None:
    next(lake_folder(filled.number).rglob("*touches.parquet")).write_bytes(b"PAR1 torn PAR1")
    said = run(terminal, "check")
    assert (said.exit_code, "cannot be read" in said.output) == (1, True)


def test_unsorted_rows_are_found(filled: Tenant) -> None:
    swap_touches(filled, ts=np.arange(50)[::-1].copy())
    assert "not in order" in check_lake(filled.number).faults[0]


def test_changed_value_is_found(filled: Tenant) -> None:
    swap_touches(filled, channel=np.full(50, 2, np.int16))
    assert check_lake(filled.number).faults == ["touches: 70 in the lake, 70 in the database, but not the same"]


def test_rows_that_no_manifest_told_are_found(filled: Tenant) -> None:
    with writing(filled.number) as session:
        session.execute(sa.update(LakePart).where(LakePart.kind == "touches", LakePart.rows == 50).values(rows=49))
    assert "has 50 rows, the manifest says 49" in check_lake(filled.number).faults[0]


def test_file_of_another_bucket_is_found(filled: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "WHOLE", 30)
    compact_lake(filled.number, everything=True)
    assert check_lake(filled.number).faults == []
    with writing(filled.number) as session:
        session.execute(sa.update(LakePart).where(LakePart.bucket < 2).values(bucket=1 - LakePart.bucket))
    faults = check_lake(filled.number).faults
    assert (len(faults), {fault.split(" ", 1)[1] for fault in faults}) == (4, {"holds rows of another bucket"})


def test_lost_row_is_found(filled: Tenant) -> None:
    with across_tenants(writing=True) as session:
        session.execute(sa.text("DELETE FROM touchpoint WHERE event_id = (SELECT min(event_id) FROM touchpoint)"))
    assert check_lake(filled.number).faults == ["touches: 70 in the lake, 69 in the database"]


def test_news_behind_the_watermark_are_no_fault(filled: Tenant) -> None:
    people = add_many(filled, 30)
    flush_lake(filled.number)
    with writing(filled.number) as session:
        number = add_order(session, people[2], 3)
    flush_lake(filled.number)
    add_many(filled, 5)
    with writing(filled.number) as session:
        contacts.merge(session, loser=people[0], into=people[1])
        orders.cancel(session, channel_number=1, order_no=number, event_id="c", at=at(9))
    found = check_lake(filled.number)
    assert (found.faults, 0 < found.touches < 100) == ([], True)


def test_compaction_leaves_one_file_of_a_kind(terminal: CliRunner, filled: Tenant) -> None:
    before = lake_rows(filled)
    assert "4 files became 2" in run(terminal, "compact").output
    with reading(filled.number) as session:
        assert len(take_snapshot(session).parts) == 2
    assert lake_rows(filled) == before


def test_unknown_brand_is_refused(terminal: CliRunner, filled: Tenant) -> None:
    assert run(terminal, "check", "--tenant", "Nobody").exit_code != 0
