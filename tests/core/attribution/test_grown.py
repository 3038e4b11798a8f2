"""Null journeys that grew are counted as what they are now less what they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attribution.coalitions import Coalitions
from core.attribution.grams import Grams
from core.attribution.grown import GrownPaths
from core.attribution.model_kinds import Counter
from core.attribution.plugin_channel_models import PluginCounter
from tests.core.attribution.test_plugin_channel_models import Reach

CHANNELS = 5
COUNTERS = [*(Grams(order) for order in (1, 2, 4)), Coalitions(), PluginCounter(Reach())]
channel_runs = st.lists(st.integers(0, CHANNELS - 1), max_size=6)
grown_runs = st.lists(st.tuples(channel_runs, channel_runs.filter(bool)), min_size=1, max_size=6)
Run = tuple[list[int], list[int]]


def grown_of(runs: list[Run], *, masked: bool = False) -> GrownPaths:
    """Their old touches lie apart, in the opposite order. masked: whether it is known which channels they had met."""
    old, new = ([np.array(run[side], np.int16) for run in runs] for side in (0, 1))
    gap = np.array([CHANNELS + 9], np.int16)
    laid = [part for one in reversed(old) for part in (gap, one)]
    lengths = np.array([len(one) for one in old], np.int64)
    low = np.cumsum(lengths[::-1] + 1)[::-1] - lengths
    met = np.array([sum(1 << channel for channel in {*run[0]}) for run in runs], np.int16)
    starts = np.cumsum([0, *(len(one) for one in new)]).astype(np.int64)
    return GrownPaths(np.concatenate(laid), low, lengths, starts, np.concatenate(new), met if masked else None)


@pytest.mark.parametrize("counter", COUNTERS)
@given(runs=grown_runs, seed=st.integers(0, 9), by_group=st.booleans(), masked=st.booleans())
def test_grown_counts_are_the_difference(
    counter: Counter, runs: list[Run], seed: int, by_group: bool, masked: bool
) -> None:
    grown = grown_of(runs, masked=masked)
    group = np.random.default_rng(seed).integers(0, 3, len(runs)) if by_group else None
    found = counter.count_grown(grown, channels=CHANNELS, group=group)
    whole = grown.count_both(counter.count, channels=CHANNELS, group=group)
    assert found[0].keys() == whole[0].keys()
    for name, now in whole[0].items():
        expected, differs = now - whole[1][name], found[0][name] - found[1][name]
        np.testing.assert_array_equal(differs.key, expected.key)
        np.testing.assert_array_equal(differs.counts, expected.counts)
        np.testing.assert_allclose(differs.amounts, expected.amounts, atol=1e-12)


def test_grown_paths_join_what_came() -> None:
    grown = grown_of([([1, 2, 3], [4]), ([], [0, 1])])
    assert grown.began.tolist() == [True, False]
    after, before = grown.after(), grown.before()
    assert (after.starts.tolist(), after.channel.tolist()) == ([0, 4, 6], [1, 2, 3, 4, 0, 1])
    assert (before.starts.tolist(), before.channel.tolist()) == ([0, 3], [1, 2, 3])
    assert after.nulls.tolist() == [1, 1]
    assert not after.conversions.any()
