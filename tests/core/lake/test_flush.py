"""The lake follows SQL: new facts, merges, undone merges, refunds and cancellations; a rebuild ends the same."""

from functools import partial
from pathlib import Path

import pytest

from core.contacts import service as contacts
from core.db import reading, writing
from core.lake import growth
from core.lake.compaction import compact_lake
from core.lake.facts import KIND_CODES
from core.lake.flush import flush_lake, rebuild_lake
from core.lake.manifest import take_snapshot
from core.lake.parts import SHARED, lake_folder
from core.lake.reading import read_bucket
from core.orders import service as orders
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.core.lake.made_facts import add_many, add_order, add_people, add_touches, at, lake_rows
from tests.factories.touchpoints import new_touch


def flushed_equals_rebuilt(tenant: Tenant) -> bool:
    flush_lake(tenant.number)
    followed = lake_rows(tenant)
    rebuild_lake(tenant.number)
    return followed == lake_rows(tenant)


def test_new_facts_arrive_once(tenant: Tenant) -> None:
    add_many(tenant, 40)
    assert flush_lake(tenant.number).touches == 40
    add_many(tenant, 25)
    again = flush_lake(tenant.number)
    assert (again.touches, flush_lake(tenant.number).touches) == (25, 0)
    touches, found = lake_rows(tenant)
    assert (len(touches), len(found)) == (65, 7)
    assert flushed_equals_rebuilt(tenant)


def test_empty_lake_can_be_read(tenant: Tenant) -> None:
    assert flush_lake(tenant.number).generation == 0
    assert lake_rows(tenant) == ([], [])


def test_merge_moves_facts_to_winner(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        ann, bob, cat = add_people(session, 3)
        add_touches(session, [ann, bob, cat], [1, 2, 3])
        add_order(session, bob, 5)
    flush_lake(tenant.number)
    with writing(tenant.number) as session:
        contacts.merge(session, loser=bob, into=ann)
        add_touches(session, [bob], [4])
    flush_lake(tenant.number)
    touches, found = lake_rows(tenant)
    assert [row[0] for row in touches] == [ann, ann, ann, cat]
    assert [row[0] for row in found] == [ann]
    assert flushed_equals_rebuilt(tenant)


def test_undone_merge_moves_facts_back(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        ann, bob, cat = add_people(session, 3)
        add_touches(session, [ann, bob, cat], [1, 2, 3])
        first = contacts.merge(session, loser=bob, into=ann)
        contacts.merge(session, loser=ann, into=cat)
    flush_lake(tenant.number)
    assert [row[0] for row in lake_rows(tenant)[0]] == [cat, cat, cat]
    with writing(tenant.number) as session:
        contacts.undo_merge(session, first.id)
    flush_lake(tenant.number)
    assert sorted(row[0] for row in lake_rows(tenant)[0]) == sorted([bob, cat, cat])
    assert flushed_equals_rebuilt(tenant)


def test_refund_and_cancellation_arrive(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        ann, bob = add_people(session, 2)
        add_touches(session, [ann, bob], [1, 2])
        names = [add_order(session, ann, 5, 1000), add_order(session, bob, 6, 700)]
    flush_lake(tenant.number)
    with writing(tenant.number) as session:
        orders.refund(session, channel_number=1, order_no=names[0], amount_minor=300, event_id="r", at=at(9))
        orders.cancel(session, channel_number=1, order_no=names[1], event_id="c", at=at(9))
    flush_lake(tenant.number)
    assert [row[2] for row in lake_rows(tenant)[1]] == [700]
    assert len(lake_rows(tenant)[0]) == 2
    assert flushed_equals_rebuilt(tenant)


def test_bots_stay_out(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        (ann,) = add_people(session, 1)
        touchpoints.record(session, [new_touch(ann, is_bot=True), new_touch(ann)])
    flush_lake(tenant.number)
    assert len(lake_rows(tenant)[0]) == 1


def test_small_ranges_give_the_same(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    add_many(tenant, 60)
    flush_lake(tenant.number)
    whole = lake_rows(tenant)
    monkeypatch.setattr("core.lake.delta.RANGE", 7)
    rebuild_lake(tenant.number)
    assert lake_rows(tenant) == whole
    add_many(tenant, 30)
    flush_lake(tenant.number)
    assert len(lake_rows(tenant)[0]) == 90
    assert flushed_equals_rebuilt(tenant)


def test_many_changes_are_followed_at_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    people = add_many(tenant, 60)
    with writing(tenant.number) as session:
        names = [add_order(session, who, 5, 1000) for who in people[:6]]
    flush_lake(tenant.number)
    monkeypatch.setattr("core.lake.delta.DIRTY_RANGE", 2)
    monkeypatch.setattr("core.lake.delta.CONTACTS_A_QUERY", 1)
    with writing(tenant.number) as session:
        for turn, name in enumerate(names):
            orders.refund(session, channel_number=1, order_no=name, amount_minor=300, event_id=f"r{turn}", at=at(9))
        for loser in people[10:15]:
            contacts.merge(session, loser=loser, into=people[9])
    assert flushed_equals_rebuilt(tenant)


def test_no_manifest_names_unsafe_files(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    safe: set[Path] = set()

    def note(path: Path) -> None:
        assert path.exists()
        safe.add(path)

    monkeypatch.setattr("core.lake.parts._sync", note)
    folder = lake_folder(tenant.number)
    for work in (flush_lake, flush_lake, rebuild_lake, partial(compact_lake, everything=True)):
        add_many(tenant, 40)
        work(tenant.number)
        with reading(tenant.number) as session:
            names = [folder / part.name for part in take_snapshot(session).parts]
        assert names
        assert {*names, *(path.parent for path in names), folder} <= safe


def test_piled_up_deltas_become_few(tenant: Tenant) -> None:
    for _ in range(3 * growth.DELTAS):
        add_many(tenant, 5)
        flush_lake(tenant.number)
    with reading(tenant.number) as session:
        assert len(growth.layers_of(take_snapshot(session))) <= growth.DELTAS + 1
    assert len(lake_rows(tenant)[0]) == 5 * 3 * growth.DELTAS
    assert flushed_equals_rebuilt(tenant)


def test_deltas_fold_beside_large_base(tenant: Tenant) -> None:
    people = add_many(tenant, 900, people=150)
    flush_lake(tenant.number)
    for turn in range(growth.DELTAS + 1):
        with writing(tenant.number) as session:
            add_touches(session, people[:2], [1000.0 + turn, 2000.0 + turn])
            if turn in (7, 8):
                contacts.merge(session, loser=people[turn], into=people[0])
        flush_lake(tenant.number)
    with reading(tenant.number) as session:
        layers = growth.layers_of(take_snapshot(session))
    assert (layers[0].rows, len(layers)) == (990, 2)
    assert {part.kind for part in layers[1].parts} == {"touches", "orders", "drops"}
    assert flushed_equals_rebuilt(tenant)


def test_buckets_split_as_rows_grow(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "WHOLE", 30)
    monkeypatch.setattr(growth, "FULL", 100)
    add_many(tenant, 20)
    flush_lake(tenant.number)
    people = add_many(tenant, 100)
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        snapshot = take_snapshot(session)
    assert (snapshot.bits, len(snapshot.buckets)) == (1, 2)
    with writing(tenant.number) as session:
        add_touches(session, people[:3], [1, 2, 3])
        contacts.merge(session, loser=people[4], into=people[5])
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        assert SHARED in {part.bucket for part in take_snapshot(session).parts}
    assert len(lake_rows(tenant)[0]) == 123
    assert flushed_equals_rebuilt(tenant)


def test_ties_follow_the_order_of_recording(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        (ann,) = add_people(session, 1)
        for kind in ("scan", "click", "visit"):
            touchpoints.record(session, [new_touch(ann, kind=kind, at=at(5))])
            touchpoints.record(session, [new_touch(ann, kind="reply", at=at(6))])
    flush_lake(tenant.number)
    with writing(tenant.number) as session:
        touchpoints.record(session, [new_touch(ann, kind="lead", at=at(5))])
    flush_lake(tenant.number)
    kinds = [KIND_CODES[name] for name in ("scan", "click", "visit", "lead", "reply", "reply", "reply")]
    assert kinds_of(tenant) == kinds
    rebuild_lake(tenant.number)
    assert kinds_of(tenant) == kinds


def kinds_of(tenant: Tenant) -> list[int]:
    with reading(tenant.number) as session:
        kinds: list[int] = read_bucket(take_snapshot(session), 0).touches.kind.tolist()
    return kinds


def test_large_tenant_leaves_small_one_alone(
    tenant: Tenant, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "WHOLE", 30)
    monkeypatch.setattr(growth, "FULL", 60)
    add_many(other_tenant, 12)
    flush_lake(other_tenant.number)
    add_many(tenant, 300)
    flush_lake(tenant.number)
    add_many(other_tenant, 6)
    assert flush_lake(other_tenant.number).touches == 6
    with reading(other_tenant.number) as session:
        assert take_snapshot(session).bits == 0
    with reading(tenant.number) as session:
        assert take_snapshot(session).bits == 3
    assert (len(lake_rows(tenant)[0]), len(lake_rows(other_tenant)[0])) == (300, 18)


def test_tenants_have_lakes_apart(tenant: Tenant, other_tenant: Tenant) -> None:
    add_many(tenant, 10)
    add_many(other_tenant, 5)
    flush_lake(tenant.number)
    flush_lake(other_tenant.number)
    assert (len(lake_rows(tenant)[0]), len(lake_rows(other_tenant)[0])) == (10, 5)
