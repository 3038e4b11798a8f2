"""Markov chains: against exact fractions, against known truth, and what must hold for every file of paths."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution import absorbing
from core.attribution.grams import Grams
from core.attribution.journeys import Paths
from core.attribution.markov import Markov, fitted_chain
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sums import Sums, add_all
from core.errors import Invalid
from tests.core.attribution.made_journeys import NAMES, Outcome, path_files, paths, paths_of
from tests.core.attribution.slow_reference import Path, slow_removal_effects

File = list[tuple[Path, Outcome]]


def solved(file: File, order: int = 1) -> ChannelEffects:
    model = Markov("markov", order)
    return model.solve(counted(file, order), channels=4)


def counted(file: File, depth: int) -> Mapping[str, Sums]:
    paths = paths_of([path for path, _ in file], [outcome for _, outcome in file])
    return Grams(depth).count(paths, channels=4)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@given(file=path_files)
@settings(max_examples=40, deadline=None)
def test_removal_effects_equal_exact_fractions(order: int, file: File) -> None:
    paths, outcomes = [path for path, _ in file], [outcome for _, outcome in file]
    details = solved(file, order).details
    for name, by_value in (("removal_effect", False), ("removal_effect_value", True)):
        expected = slow_removal_effects(paths, outcomes, order=order, by_value=by_value)
        for channel, effect in expected.items():
            assert details[name][NAMES.index(channel)] == pytest.approx(effect, abs=1e-9)


@given(file=path_files, order=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_walk_equals_the_inverse(file: File, order: int) -> None:
    inverted = solved(file, order).details["removal_effect"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(absorbing, "DENSE_STATES", 0)
        walked = solved(file, order).details["removal_effect"]
    np.testing.assert_allclose(walked, inverted, rtol=0, atol=1e-12)


@given(file=path_files, order=st.integers(1, 4), cut=st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_buckets_add_up(file: File, order: int, cut: int) -> None:
    model = Markov("markov", order)
    halves = [half for half in (file[:cut], file[cut:]) if half]
    counts = [counted(half, order) for half in halves]
    together = {name: add_all([count[name] for count in counts]) for name in counts[0]}
    found, expected = model.solve(together, channels=4), solved(file, order)
    np.testing.assert_allclose(found.conversions, expected.conversions, rtol=0, atol=1e-12)
    assert together["grams"].counts.dtype == np.int64


@given(file=path_files, order=st.integers(1, 4), deeper=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_deeper_counts_serve_lower_orders(file: File, order: int, deeper: int) -> None:
    found = Markov("markov", order).solve(counted(file, order + deeper), channels=4)
    np.testing.assert_allclose(found.conversions, solved(file, order).conversions, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.value, solved(file, order).value, rtol=0, atol=1e-12)


@given(file=path_files)
@settings(max_examples=40, deadline=None)
def test_shares_sum_to_one(file: File) -> None:
    converted = any(outcome[0] for _, outcome in file)
    assert solved(file).conversions.sum() == pytest.approx(1.0 if converted else 0.0)


def test_repeats_count_once() -> None:
    plain: File = [(("a", "b"), (2, 1, 5.0)), (("b",), (0, 3, 0.0))]
    repeated: File = [(("a", "a", "b", "b"), (2, 1, 5.0)), (("b", "b"), (0, 3, 0.0))]
    np.testing.assert_allclose(solved(repeated).conversions, solved(plain).conversions)


def test_too_many_channels_are_refused() -> None:
    with pytest.raises(Invalid, match="channels"):
        Grams(4).count(paths_of([("a",)], [(1, 0, 1.0)]), channels=10_000)


@given(file=path_files, order=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_fitted_chain_converts_as_often(file: File, order: int) -> None:
    won, walked = sum(outcome[0] for _, outcome in file), sum(outcome[0] + outcome[1] for _, outcome in file)
    assert chance_of_order(file, order) == pytest.approx(won / walked, abs=1e-12)


@given(file=path_files, order=st.integers(1, 4), path=paths)
@settings(max_examples=40, deadline=None)
def test_null_journey_never_raises_chance(file: File, order: int, path: Path) -> None:
    more: File = [*file, (path, (0, 1, 0.0))]
    assert chance_of_order(more, order) <= chance_of_order(file, order) + 1e-12


@given(file=path_files, order=st.integers(1, 4), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_order_of_journeys_does_not_matter(file: File, order: int, seed: int) -> None:
    shuffled = [file[i] for i in np.random.default_rng(seed).permutation(len(file))]
    np.testing.assert_allclose(solved(shuffled, order).value, solved(file, order).value, rtol=0, atol=1e-12)


def chance_of_order(file: File, order: int) -> float:
    _, chain, rewards = fitted_chain(counted(file, order), order=order, channels=4)
    return float(chain.expected(rewards)[0])


@pytest.mark.slow
@pytest.mark.parametrize("order", [3, 4])
def test_thirty_channels_are_walked(order: int) -> None:
    random = np.random.default_rng(order)
    lengths = random.geometric(0.25, 30_000)
    won = random.random(len(lengths)) < 0.2
    walked = Paths(
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        channel=(random.integers(0, 30, int(lengths.sum())) * random.random(int(lengths.sum()))).astype(np.int16),
        conversions=won.astype(np.int64),
        nulls=1 - won.astype(np.int64),
        value=np.where(won, 10.0, 0.0),
        once=True,
    )
    sums = Grams(order).count(walked, channels=30)
    state, chain, rewards = fitted_chain(sums, order=order, channels=30)
    assert len(state) > absorbing.DENSE_STATES
    assert chain.expected(rewards) == pytest.approx([won.mean(), won.mean() * 10], abs=1e-12)
    effects = Markov("markov", order).solve(sums, channels=30)
    assert effects.conversions.sum() == pytest.approx(1.0)
    assert (effects.details["removal_effect"] <= 1).all()


@pytest.mark.slow
def test_known_truth_is_recovered() -> None:
    """Channels are passed in a fixed order, each seen with its own chance and converting with its own chance."""
    random = np.random.default_rng(7)
    channels, journeys = 10, 1_000_000
    seen_chance, chance = random.uniform(0.2, 0.6, channels), random.uniform(0.02, 0.2, channels)
    seen = random.random((journeys, channels)) < seen_chance
    converts = seen & (random.random((journeys, channels)) < chance)
    first = np.where(converts.any(axis=1), converts.argmax(axis=1), channels)
    seen &= np.arange(channels) <= first[:, None]
    kept = seen.any(axis=1)
    won = (first[kept] < channels).astype(np.int64)
    walked = Paths(
        starts=np.concatenate([[0], np.cumsum(seen[kept].sum(axis=1))]),
        channel=np.nonzero(seen[kept])[1],
        conversions=won,
        nulls=1 - won,
        value=won.astype(np.float64),
        once=True,
    )
    truth = _true_effects(seen_chance, chance)
    sums = Grams(2).count(walked, channels=channels)
    for order in (1, 2):
        found = Markov("markov", order).solve(sums, channels=channels)
        assert np.abs(found.conversions - truth / truth.sum()).sum() < 0.01


def _true_effects(
    seen: np.ndarray[tuple[int], np.dtype[np.float64]], chance: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """P(conversion) of the true process, and what is lost when everyone who meets a channel is lost there."""
    effects = []
    whole = _conversion(seen, chance, None)
    for channel in range(len(seen)):
        effects.append(1 - _conversion(seen, chance, channel) / whole)
    return np.array(effects)


def _conversion(
    seen: np.ndarray[tuple[int], np.dtype[np.float64]],
    chance: np.ndarray[tuple[int], np.dtype[np.float64]],
    removed: int | None,
) -> float:
    under_way, converted = 1.0, 0.0
    for channel, (meets, converts) in enumerate(zip(seen, chance, strict=True)):
        if channel == removed:
            under_way *= 1 - meets
        else:
            converted += under_way * meets * converts
            under_way *= 1 - meets * converts
    return converted
