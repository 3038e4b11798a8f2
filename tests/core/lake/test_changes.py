"""Whose facts changed between two snapshots, and the facts of chosen people; on both databases."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from core import clock
from core.contacts import service as contacts
from core.contacts.erasing import erase_names
from core.db import reading, writing
from core.lake import growth, opened
from core.lake.changes import changes_in, news_between
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake, rebuild_lake
from core.lake.manifest import Snapshot, take_snapshot
from core.lake.parts import lake_folder
from core.lake.picking import Picker, Shelf
from core.lake.reading import Bucket, read_buckets
from core.lake.sweeping import sweep_orphans
from core.orders import service as orders
from core.tenants.models import Tenant
from tests.core.lake.crashing import SMALL
from tests.core.lake.made_facts import Row, add_many, add_order, add_people, add_touches, at, rows_of


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    monkeypatch.setattr(opened, "LARGE", 5)


def snapshot_of(tenant: Tenant) -> Snapshot:
    with reading(tenant.number) as session:
        return take_snapshot(session)


def changed(tenant: Tenant, old: Snapshot) -> set[int] | None:
    with reading(tenant.number) as session:
        news = news_between(session, old, take_snapshot(session))
    return None if news is None else set(changes_in(tenant.number, news).contacts.tolist())


def by_contact(bucket: Bucket) -> dict[int, list[tuple[str, Row]]]:
    rows: dict[int, list[tuple[str, Row]]] = {}
    for kind, facts in (("touch", bucket.touches), ("order", bucket.orders)):
        for row in rows_of(facts):
            rows.setdefault(row[0], []).append((kind, row))
    return rows


def everybody(snapshot: Snapshot) -> dict[int, list[tuple[str, Row]]]:
    return {who: rows for bucket in read_buckets(snapshot) for who, rows in by_contact(bucket).items()}


def act_at_random(tenant: Tenant, people: list[int], seed: int) -> None:
    """One of the things that change facts, or the lake."""
    random = np.random.default_rng(seed)
    who = [int(one) for one in random.choice(people, 3, replace=False)]
    with writing(tenant.number) as session:
        turn = seed % 6
        if turn == 0:
            add_touches(session, who, [float(m) for m in random.integers(-500, 900, 3)])
        elif turn == 1:
            number = add_order(session, who[0], float(random.integers(0, 900)))
            orders.refund(session, channel_number=1, order_no=number, amount_minor=300, event_id="r", at=at(990))
        elif turn == 2:
            number = add_order(session, who[0], float(random.integers(0, 900)))
            orders.cancel(session, channel_number=1, order_no=number, event_id="c", at=at(990))
        elif turn == 3:
            merged = contacts.merge(session, loser=who[0], into=who[1])
            if random.random() < 0.5:
                contacts.undo_merge(session, merged.id)
        elif turn == 4:
            erase_names(session, [add_people(session, 1)[0], who[2]], actor="test")
    if turn == 5:
        compact_lake(tenant.number, everything=bool(random.random() < 0.5))
    if random.random() < 0.6:
        flush_lake(tenant.number)


@pytest.mark.parametrize("seed", range(4))
def test_others_facts_are_the_same(tenant: Tenant, seed: int) -> None:
    people = add_many(tenant, 60, people=30)
    flush_lake(tenant.number)
    old = snapshot_of(tenant)
    before = everybody(old)
    for turn in range(10):
        act_at_random(tenant, people, 100 * seed + 7 * turn)
    flush_lake(tenant.number)
    new = snapshot_of(tenant)
    after, differ = everybody(new), changed(tenant, old)
    assert differ is not None
    assert {who for who in {*before, *after} if before.get(who) != after.get(who)} <= differ
    chosen = np.array(sorted(differ | {people[0]}), np.int32)
    picker = Picker(Shelf(tenant.number), chosen)
    for snapshot, rows in ((old, before), (new, after), (old, before)):
        picked = by_contact(picker.pick(snapshot))
        assert picked == {who: rows[who] for who in chosen.tolist() if who in rows}


def test_only_news_are_named(tenant: Tenant) -> None:
    people = add_many(tenant, 60)
    flush_lake(tenant.number)
    old = snapshot_of(tenant)
    assert changed(tenant, old) == set()
    with writing(tenant.number) as session:
        add_touches(session, people[:2], [1, 2])
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)
    with writing(tenant.number) as session:
        add_touches(session, people[5:6], [3])
    flush_lake(tenant.number)
    assert changed(tenant, old) == {*people[:2], people[5]}


def _rebuilt(tenant: Tenant, old: Snapshot) -> Snapshot:
    rebuild_lake(tenant.number)
    return old


def _swept(tenant: Tenant, old: Snapshot) -> Snapshot:
    compact_lake(tenant.number, everything=True)
    with clock.set_to(clock.now() + timedelta(hours=6)):
        flush_lake(tenant.number)
    return old


def _never_seen(tenant: Tenant, old: Snapshot) -> Snapshot:
    add_many(tenant, 10)
    flush_lake(tenant.number)
    other = snapshot_of(tenant)
    return Snapshot(other.tenant_id, old.generation, old.bits, old.positions, other.parts)


@pytest.mark.parametrize("happened", [_rebuilt, _swept, _never_seen])
def test_anybody_may_have_changed(tenant: Tenant, happened: Callable[[Tenant, Snapshot], Snapshot]) -> None:
    add_many(tenant, 60)
    flush_lake(tenant.number)
    assert changed(tenant, happened(tenant, snapshot_of(tenant))) is None


def test_damaged_copy_is_made_again(tenant: Tenant) -> None:
    people = add_many(tenant, 200)
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)
    snapshot = snapshot_of(tenant)
    opened.open_large(tenant.number, snapshot.parts)
    copies = sorted((lake_folder(tenant.number) / "opened").iterdir())
    assert copies
    copies[0].write_bytes(b"garbled")
    copies[1].unlink()
    copies[2].write_bytes(copies[3].read_bytes())
    chosen = np.array(sorted(people), np.int32)
    picked = by_contact(Picker(Shelf(tenant.number), chosen).pick(snapshot))
    assert picked == everybody(snapshot)


def test_copies_go_with_their_files(tenant: Tenant) -> None:
    add_many(tenant, 200)
    flush_lake(tenant.number)
    folder = lake_folder(tenant.number) / "opened"
    opened.open_large(tenant.number, snapshot_of(tenant).parts)
    (folder / "left.arrow").write_bytes(b"of a lost file")
    assert len(list(folder.iterdir())) > 2
    compact_lake(tenant.number, everything=True)
    with clock.set_to(clock.now() + timedelta(hours=25)):
        flush_lake(tenant.number)
        sweep_orphans(tenant.number)
    assert list(folder.iterdir()) == []
