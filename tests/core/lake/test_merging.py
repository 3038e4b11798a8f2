"""Rows put together by place end as if sorted; columns that nobody asked for are not read."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.db import reading
from core.lake.facts import TouchFacts, in_order, join, take
from core.lake.flush import flush_lake
from core.lake.manifest import take_snapshot
from core.lake.merging import merge_sorted
from core.lake.parts import read_facts, write_facts
from core.lake.reading import read_bucket
from core.tenants.models import Tenant
from tests.core.lake.made_facts import add_many, rows_of

keys = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 99)), max_size=30)


def made(rows: list[tuple[int, int, int]]) -> TouchFacts:
    contact, ts, seq = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    mark = (seq * 7 + ts).astype(np.int16)
    return in_order(TouchFacts(contact.astype(np.int32), ts, mark, contact.astype(np.int32), mark.astype(np.int8), seq))


@given(st.lists(keys, min_size=1, max_size=4))
def test_merging_equals_sorting_all(parts: list[list[tuple[int, int, int]]]) -> None:
    made_parts = [made(rows) for rows in parts]
    merged, expected = merge_sorted(made_parts), in_order(join(made_parts))
    for name in ("contact", "ts", "seq", "channel"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(expected, name))


def test_one_hot_contact_merges_quickly() -> None:
    many = 1_000_000
    one = np.ones(many, np.int32)
    ts = np.arange(many, dtype=np.int64) // 4
    large = TouchFacts(one, ts, one.astype(np.int16), one, one.astype(np.int8), np.arange(many))
    merged = merge_sorted([large, take(large, np.arange(0, many, 1000))])
    assert len(merged.contact) == many + 1000
    assert (np.diff(merged.ts) >= 0).all()


def test_only_wanted_columns_are_read(tenant: Tenant) -> None:
    add_many(tenant, 30)
    flush_lake(tenant.number)
    add_many(tenant, 10)
    flush_lake(tenant.number)
    with reading(tenant.number) as session:
        snapshot = take_snapshot(session)
    whole, some = read_bucket(snapshot, 0), read_bucket(snapshot, 0, columns=["channel", "value"])
    assert (len(some.touches.placement), len(some.touches.kind)) == (0, 0)
    np.testing.assert_array_equal(some.touches.channel, whole.touches.channel)
    np.testing.assert_array_equal(some.touches.ts, whole.touches.ts)
    assert rows_of(some.orders) != []
    np.testing.assert_array_equal(some.orders.value, whole.orders.value)


def test_columns_of_one_value_are_read_alike(tenant: Tenant) -> None:
    some = made([(1, 2, 3), (1, 2, 4), (2, 0, 5)])
    facts = replace(some, placement=np.zeros(3, np.int32), kind=np.full(3, 7, np.int8))
    found = read_facts(tenant.number, write_facts(tenant.number, 0, facts).name, TouchFacts)
    for field in fields(TouchFacts):
        expected = getattr(facts, field.name)
        np.testing.assert_array_equal(getattr(found, field.name), expected)
        assert getattr(found, field.name).dtype == expected.dtype
