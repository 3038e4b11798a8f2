"""The Shapley value against all permutations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.coalitions import Coalitions
from core.attribution.journeys import Paths
from core.attribution.sampling import Game, sampled_values
from core.attribution.shapley import Shapley, exact_values
from core.errors import Invalid
from tests.core.attribution.made_journeys import NAMES, Outcome, path_files, paths_of
from tests.core.attribution.slow_reference import Path, slow_shapley

File = list[tuple[Path, Outcome]]


@given(file=path_files)
@settings(max_examples=60, deadline=None)
def test_values_equal_all_permutations(file: File) -> None:
    paths, outcomes = [path for path, _ in file], [outcome for _, outcome in file]
    model = Shapley()
    found = model.solve(model.counter.count(paths_of(paths, outcomes), channels=4), channels=4)
    for name, by_value in (("raw", False), ("raw_value", True)):
        for channel, value in slow_shapley(paths, outcomes, by_value=by_value).items():
            assert found.details[name][NAMES.index(channel)] == pytest.approx(value, abs=1e-9)


def test_negative_value_is_shown_raw() -> None:
    model = Shapley()
    journeys = paths_of([("a",), ("a", "b")], [(5, 5, 5.0), (0, 10, 0.0)])
    found = model.solve(model.counter.count(journeys, channels=2), channels=2)
    assert found.details["raw"][1] < 0
    np.testing.assert_allclose(found.conversions, [1.0, 0.0])


def test_twenty_channels_are_exact() -> None:
    model = Shapley()
    paths: list[Path] = [(name,) for name in NAMES]
    journeys = paths_of(paths, [(1, 1, 1.0)] * 20)
    found = model.solve(model.counter.count(journeys, channels=20), channels=20)
    np.testing.assert_allclose(found.conversions, np.full(20, 0.05))


def test_more_channels_are_refused() -> None:
    with pytest.raises(Invalid, match="62 channels"):
        Shapley().counter.count(paths_of([("a",)], [(1, 0, 1.0)]), channels=63)


def test_sampled_values_fall_within_their_error() -> None:
    random = np.random.default_rng(3)
    mask = np.unique(random.integers(1, 1 << 12, 600))
    journeys = random.integers(1, 50, len(mask))
    won = np.stack([random.binomial(journeys, 0.2), random.binomial(journeys, 0.2) * 30.0])
    game = Game(mask, 12, journeys, won)
    exact, (sampled, error) = exact_values(game), sampled_values(game)
    assert (error > 0).all()
    assert (np.abs(sampled - exact) < 4 * error).all()
    np.testing.assert_allclose(sampled.sum(axis=1), exact.sum(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(sampled_values(game)[0], sampled)


def test_order_and_reverse_settle_pairs() -> None:
    """What two players gain by being together is half each's in an order and its reverse: nothing is left to chance."""
    random = np.random.default_rng(5)
    pairs = np.array([0] + [1 << one | 1 << other for one in range(6) for other in range(one)])
    journeys = (pairs == 0).astype(np.int64)
    game = Game(pairs, 6, journeys, random.random((2, len(pairs))) * (pairs > 0))
    sampled, error = sampled_values(game, pairs=3)
    np.testing.assert_allclose(sampled, exact_values(game), rtol=1e-12)
    assert (error < 1e-7).all()


def test_many_channels_are_sampled() -> None:
    channels = 62
    paths = Paths(
        starts=np.arange(channels + 1),
        channel=np.arange(channels),
        conversions=np.ones(channels, np.int64),
        nulls=np.ones(channels, np.int64),
        value=np.full(channels, 5.0),
    )
    model = Shapley()
    found = model.solve(model.counter.count(paths, channels=channels), channels=channels)
    assert found.details["raw"].sum() == pytest.approx(0.5)
    assert (found.details["raw_se"] > 0).all()
    assert (np.abs(found.details["raw"] - 0.5 / channels) < 5 * found.details["raw_se"]).all()


@given(lengths=st.lists(st.integers(1, 60), min_size=1, max_size=30), seed=st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_coalition_holds_every_channel_met(lengths: list[int], seed: int) -> None:
    random, count = np.random.default_rng(seed), len(lengths)
    channel = random.integers(0, 14, sum(lengths)).astype(np.int16)
    starts, once = np.concatenate([[0], np.cumsum(lengths)]), np.ones(count, np.int64)
    found = Coalitions().count(Paths(starts, channel, once, 1 - once, np.zeros(count), once=True), channels=14)
    met = [set(part.tolist()) for part in np.split(channel, starts[1:-1])]
    assert found["coalitions"].key.tolist() == sorted({sum(1 << one for one in channels) for channels in met})
