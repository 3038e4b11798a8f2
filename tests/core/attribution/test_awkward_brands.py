"""Brands of awkward shape end in the same figures: one contact with nearly all touches, and many channels."""

import numpy as np
import pytest

from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.engine import attribute
from core.attribution.journeys import Orders, Touches
from core.attribution.matching import Cut, Window, match_touches
from tests.core.attribution.made_journeys import NAMES, orders_of, touches_of
from tests.core.attribution.slow_reference import Order, Touch, slow_match

HOT, OTHERS = 4_000, 50


@pytest.mark.parametrize("cut", list(Cut))
def test_hot_contact_equals_slow_reference(cut: Cut) -> None:
    random = np.random.default_rng(11)
    who = [1] * HOT + [contact for contact in range(2, OTHERS) for _ in range(3)]
    touches = [Touch(one, int(random.integers(0, 10_000)), NAMES[int(random.integers(0, 5))]) for one in who]
    buyers = [1] * 60 + list(range(2, OTHERS, 2))
    orders = [Order(one, int(random.integers(0, 10_000)), float(random.integers(1, 99))) for one in buyers]
    orders.sort(key=lambda order: (order.contact, order.ts))
    expected, nulls, lonely = slow_match(touches, orders, lookback=300, cut=cut is Cut.PREVIOUS_ORDER)
    found = match_touches(touches_of(touches), orders_of(orders), window=Window(300, cut))
    starts = found.journeys.starts
    assert [list(one) for one in np.split(found.journeys.cell, starts[1:-1])] == [mine for mine, _ in expected]
    assert int(found.part.paths.nulls.sum()) == len(nulls)
    assert list(np.flatnonzero(found.unattributed)) == lonely


def test_thirty_channels_sum_to_total() -> None:
    channels, count = 30, 6_000
    random = np.random.default_rng(12)
    who, ts, channel = (random.integers(0, most, count) for most in (900, 10_000, channels))
    touches = Touches(who, ts, channel, channel).sorted()
    buyer = np.arange(0, 900, 3)
    orders = Orders(buyer, np.full(len(buyer), 9_000), np.full(len(buyer), 2.5), np.ones(len(buyer), np.bool_))
    part = match_touches(touches, orders, window=Window(10_000)).part
    names = ("first", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov", "markov_2")
    models = choose_models(register_models(built_in_models(direct=0)), names=names)
    found = attribute([lambda: part], models=models, channels=channels, width=1)
    for name in names:
        assert found.cells[name].conversions.sum() == pytest.approx(found.conversions, rel=1e-12)
        assert found.cells[name].value.sum() == pytest.approx(2.5 * found.conversions, rel=1e-12)
