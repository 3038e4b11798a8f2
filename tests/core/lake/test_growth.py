"""When buckets are split and deltas put together; how rows find their order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.lake.facts import TouchFacts, in_order
from core.lake.growth import MAX_BITS, Layer, is_heavy, newest_pile, wanted_bits
from core.lake.manifest import Part


def layers(*rows: int) -> list[Layer]:
    return [Layer(born, (Part(str(born), 0, "touches", count, born),)) for born, count in enumerate(rows)]


def test_buckets_hold_half_to_one_million() -> None:
    assert [wanted_bits(n) for n in (0, 500_000, 500_001, 2_000_000, 2_000_001, 100_000_000)] == [0, 0, 1, 1, 2, 7]


def test_buckets_never_become_fewer() -> None:
    assert wanted_bits(10, 3) == 3


def test_only_many_heavy_deltas_rewrite_all() -> None:
    assert is_heavy(layers(800, *[20] * 9))
    assert not is_heavy(layers(800, *[100] * 8))
    assert not is_heavy(layers(8000, *[20] * 9))


def test_small_deltas_leave_large_ones_alone() -> None:
    pile = newest_pile(layers(10**6, 9000, 1000, *[10] * 9))
    assert [layer.rows for layer in pile] == [10] * 9
    assert newest_pile(layers(10**6, *[10] * 8)) == []
    assert [layer.rows for layer in newest_pile(layers(10**6, 181, 180, *[10] * 9))] == [181, 180, *[10] * 9]
    assert [layer.rows for layer in newest_pile(layers(10**6, 181, *[10] * 9))] == [10] * 9
    assert wanted_bits(1 << 50) == MAX_BITS


@given(st.lists(st.tuples(st.integers(1, 2**31 - 1), st.integers(0, 2**50), st.integers(0, 3)), max_size=50))
def test_packed_sort_equals_sort_by_keys(rows: list[tuple[int, int, int]]) -> None:
    contact, ts, seq = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    none = np.zeros(len(rows), np.int32)
    ordered = in_order(TouchFacts(contact.astype(np.int32), ts, none.astype(np.int16), none, none.astype(np.int8), seq))
    found = list(zip(ordered.contact.tolist(), ordered.ts.tolist(), ordered.seq.tolist(), strict=True))
    assert found == sorted(rows)
