"""Which touch belongs to which order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.journeys import Ints, SmallInts
from core.attribution.matching import Cut, Matched, Window, match_touches
from tests.core.attribution.made_journeys import NAMES, order_lists, orders_of, touch_lists, touches_of
from tests.core.attribution.slow_reference import Order, Touch, slow_match


def matched(touches: list[Touch], orders: list[Order], lookback: int = 100, cut: Cut = Cut.PREVIOUS_ORDER) -> Matched:
    return match_touches(touches_of(touches), orders_of(orders), window=Window(lookback, cut))


def journeys_in(found: Matched) -> list[list[int]]:
    return runs(found.journeys.cell, found.journeys.starts)


def runs(values: SmallInts, starts: Ints) -> list[list[int]]:
    return [list(part) for part in np.split(values, starts[1:-1])] if len(starts) > 1 else []


@given(touches=touch_lists, orders=order_lists, lookback=st.integers(0, 40), cut=st.sampled_from(list(Cut)))
@settings(max_examples=300, deadline=None)
def test_matching_equals_slow_reference(touches: list[Touch], orders: list[Order], lookback: int, cut: Cut) -> None:
    orders = sorted(orders, key=lambda o: (o.contact, o.ts))
    expected, nulls, lonely = slow_match(touches, orders, lookback=lookback, cut=cut is Cut.PREVIOUS_ORDER)
    found = matched(touches, orders, lookback, cut)
    assert journeys_in(found) == [mine for mine, _ in expected]
    paths = found.part.paths
    assert sorted(runs(found.part.cells(), paths.starts)) == sorted([mine for mine, _ in expected] + nulls)
    assert [list(one) for one in runs(paths.channel, paths.starts)] == [
        [NAMES.index(touches[i].channel) for i in mine] for mine in runs(found.part.cells(), paths.starts)
    ]
    by_path = {tuple(mine): orders[order].value for mine, order in expected}
    for mine, sold, null, value in zip(
        runs(found.part.cells(), paths.starts), paths.conversions, paths.nulls, paths.value, strict=True
    ):
        assert (sold, null) in ((1, 0), (0, 1))
        assert sold or (mine in nulls and value == 0)
        assert null or cut is Cut.NONE or value == by_path[tuple(mine)]
    assert list(found.order) == [order for _, order in expected]
    assert list(np.flatnonzero(found.unattributed)) == lonely


@pytest.mark.parametrize(("ts", "inside"), [(99, True), (100, True), (101, False), (-1, False), (0, True)])
def test_window_borders_are_inclusive(ts: int, inside: bool) -> None:
    found = matched([Touch(1, ts, "a")], [Order(1, 100, 5.0)])
    assert (len(found.order) == 1) is inside


def test_second_order_at_once_is_unattributed() -> None:
    found = matched([Touch(1, 10, "a")], [Order(1, 10, 5.0), Order(1, 10, 7.0)])
    assert list(found.order) == [0]
    assert list(found.unattributed) == [False, True]


def test_uncounted_order_only_cuts() -> None:
    orders = orders_of([Order(1, 10, 5.0), Order(1, 20, 7.0)])
    orders.counted[0] = False
    found = match_touches(touches_of([Touch(1, 5, "a"), Touch(1, 15, "b")]), orders, window=Window(100))
    assert journeys_in(found) == [[1]]
    assert not found.unattributed.any()
    assert runs(found.part.cells(), found.part.paths.starts) == [[1]]  # and what led to the other is no null journey


def test_equal_times_keep_input_order() -> None:
    touches = [Touch(1, 5, "b"), Touch(1, 5, "a"), Touch(1, 5, "c")]
    assert journeys_in(matched(touches, [Order(1, 6, 1.0)])) == [[0, 1, 2]]
