"""The rules of thumb against their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.attribution.built_in import Rule
from core.attribution.catalog import HEURISTICS, built_in_models, register_models
from core.attribution.heuristics import normalised
from core.attribution.matching import Window, match_touches
from core.attribution.sharing import per_touch
from tests.core.attribution.made_journeys import made_part, order_lists, orders_of, touch_lists, touches_of
from tests.core.attribution.slow_reference import Order, Path, Touch, slow_match, slow_weights

HALF_LIFE = 5


def rule(name: str) -> Rule:
    model = register_models(built_in_models(half_life_us=HALF_LIFE, direct=0))[name]
    assert isinstance(model, Rule)
    return model


@pytest.mark.parametrize("name", HEURISTICS)
@given(touches=touch_lists, orders=order_lists)
@settings(max_examples=60, deadline=None)
def test_weights_equal_slow_reference(name: str, touches: list[Touch], orders: list[Order]) -> None:
    orders = sorted(orders, key=lambda o: (o.contact, o.ts))
    expected = []
    for mine, order in slow_match(touches, orders, lookback=20, cut=True)[0]:
        ages = [orders[order].ts - touches[i].ts for i in mine]
        path = tuple(touches[i].channel for i in mine)
        expected += slow_weights(name, path, ages, half_life=HALF_LIFE, direct="a")
    journeys = match_touches(touches_of(touches), orders_of(orders), window=Window(20)).journeys
    found = per_touch(journeys, rule(name).credits(journeys))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "path", "weights"),
    [
        ("position", "a", [1.0]),
        ("position", "ab", [0.5, 0.5]),
        ("position", "abc", [0.4, 0.2, 0.4]),
        ("w_shaped", "abc", [1 / 3, 1 / 3, 1 / 3]),
        ("w_shaped", "abcd", [0.3, 0.1, 0.3, 0.3]),
        ("last_non_direct", "bba", [0.0, 1.0, 0.0]),
        ("last_non_direct", "aaa", [0.0, 0.0, 1.0]),
        ("last_non_direct", "cbaaaaaaaaa", [0.0, 1.0, *[0.0] * 9]),
        ("last_non_direct", "aaaaaaaaaa", [*[0.0] * 9, 1.0]),
    ],
)
def test_short_journeys_have_fixed_shares(name: str, path: str, weights: list[float]) -> None:
    letters: Path = tuple(path)
    journeys = made_part([letters], [(1, 0, 9.0)]).journeys
    np.testing.assert_allclose(per_touch(journeys, rule(name).credits(journeys)), weights)


def test_ages_beyond_range_still_share() -> None:
    touches = touches_of([Touch(1, 0, "a"), Touch(1, 10_000, "b")])
    journeys = match_touches(touches, orders_of([Order(1, 90_000, 1.0)]), window=Window(100_000)).journeys
    assert per_touch(journeys, rule("time_decay").credits(journeys)).sum() == 1.0


def test_weightless_journeys_are_shared_evenly() -> None:
    journeys = made_part([("a", "b", "c"), ("a", "b")], [(1, 0, 1.0), (1, 0, 1.0)]).journeys
    found = normalised(journeys, np.array([0.0, 0.0, 0.0, 3.0, 1.0]))
    np.testing.assert_allclose(found, [1 / 3, 1 / 3, 1 / 3, 0.75, 0.25])
