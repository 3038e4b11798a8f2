"""Snapshots: whole for those who read them, one writer at a time, files kept while they may be read."""

import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.db import across_tenants, reading, writing
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake
from core.lake.manifest import GRACE, LakeMoved, publish, take_snapshot
from core.lake.models import LakeState
from core.lake.parts import lake_folder
from core.lake.reading import read_buckets
from core.lake.sweeping import sweep_orphans
from core.tenants.models import Tenant
from tests.core.lake.made_facts import add_many, lake_rows
from workers.entry import JOB_TIMEOUT


def test_old_snapshot_stays_readable(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        old = take_snapshot(session)
    add_many(tenant, 20)
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)
    assert sum(len(bucket.touches.contact) for bucket in read_buckets(old)) == 20


def test_second_writer_is_refused(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        base = take_snapshot(session)
    with writing(tenant.number) as session:
        publish(session, base, added=())
    with pytest.raises(LakeMoved), writing(tenant.number) as session:
        publish(session, base, added=())


def test_retired_files_go_after_grace(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)
    flush_lake(tenant.number)
    assert len(files(tenant)) == 4
    with clock.set_to(clock.now() + timedelta(hours=6)):
        flush_lake(tenant.number)
    with reading(tenant.number) as session:
        assert files(tenant) == {part.name for part in take_snapshot(session).parts}


def test_no_reader_outlives_the_grace() -> None:
    assert timedelta(seconds=JOB_TIMEOUT) < GRACE


def test_orphans_go_after_a_day(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    orphan = lake_folder(tenant.number) / "bucket=000/part-left-touches.parquet"
    orphan.write_bytes(b"half a file")
    assert (sweep_orphans(tenant.number), orphan.exists()) == (0, True)
    with clock.set_to(clock.now() + timedelta(hours=25)):
        assert sweep_orphans(tenant.number) == 1
    assert len(lake_rows(tenant)[0]) == 20


def test_snapshot_is_of_one_moment(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        old = take_snapshot(session)
    add_many(tenant, 20)
    flush_lake(tenant.number)
    with across_tenants(writing=True) as session:  # as a reader sees it that got the state before the publication
        session.execute(sa.update(LakeState).values(generation=old.generation))
    with reading(tenant.number) as session:
        assert take_snapshot(session).parts == old.parts


def test_unfinished_write_changes_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    add_many(tenant, 20)
    monkeypatch.setattr("core.lake.flush.publish", _power_cut)
    with pytest.raises(PowerCutError):
        flush_lake(tenant.number)
    monkeypatch.undo()
    with reading(tenant.number) as session:
        assert take_snapshot(session).rows("touches") == 20
    assert flush_lake(tenant.number).touches == 20


def test_lost_files_are_built_anew(tenant: Tenant) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    shutil.rmtree(lake_folder(tenant.number))
    assert flush_lake(tenant.number).touches == 20
    assert len(lake_rows(tenant)[0]) == 20


def test_renumbered_rows_are_read_anew(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    add_many(tenant, 20)
    flush_lake(tenant.number)
    monkeypatch.setattr("core.lake.feed.Feeds.stands_at", lambda *_: False)
    add_many(tenant, 10)
    assert flush_lake(tenant.number).touches == 30
    assert len(lake_rows(tenant)[0]) == 30


class PowerCutError(Exception):
    pass


def _power_cut(*_: object, **__: object) -> None:
    raise PowerCutError


def files(tenant: Tenant) -> set[str]:
    folder = lake_folder(tenant.number)
    return {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}
