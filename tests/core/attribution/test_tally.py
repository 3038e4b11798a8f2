"""What buckets hand over: it adds up, can be taken out again, travels as bytes, and does not know of threads."""

import pickle
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.counting import count_journeys, solve
from core.attribution.engine import MANY_PARTS
from core.attribution.journeys import laid_together
from core.attribution.model_kinds import AnyModel
from core.attribution.spreading import spread
from core.attribution.tally import Tally, add_tallies
from tests.core.attribution.made_journeys import path_files
from tests.core.attribution.slow_reference import Path
from tests.core.attribution.test_engine import DAYS, File, credited, part_by_day

MODELS = register_models(built_in_models(direct=0))


def tallied(file: File, models: Mapping[str, AnyModel] = MODELS) -> Tally:
    return count_journeys(part_by_day(file), models=models, channels=4)


def assert_equal(found: Tally, expected: Tally, *, within: float) -> None:
    assert found.touch_models == expected.touch_models
    assert list(found.sums) == list(expected.sums)
    for name, sums in expected.sums.items():
        np.testing.assert_array_equal(found.sums[name].key, sums.key)
        np.testing.assert_array_equal(found.sums[name].counts, sums.counts)
        np.testing.assert_allclose(found.sums[name].amounts, sums.amounts, rtol=0, atol=within)


@given(one=path_files, other=path_files)
@settings(max_examples=60, deadline=None)
def test_what_was_added_can_be_taken_out(one: File, other: File) -> None:
    left, right = tallied(one), tallied(other)
    total = max((left + right).conversions, (left + right).value)
    assert_equal(left + right - right, left, within=1e-12 * total)
    assert_equal(left + right, right + left, within=0)


@given(file=path_files, cut=st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_splitting_adds_up_within_rounding(file: File, cut: int) -> None:
    models = choose_models(MODELS, names=[name for name in MODELS if name != "time_decay"])
    left, right = part_by_day(file[:cut]), part_by_day(file[cut:], first=cut)
    both = count_journeys(left, models=models, channels=4) + count_journeys(right, models=models, channels=4)
    whole = tallied(file, models)
    assert_equal(both, whole, within=1e-12 * max(whole.conversions, whole.value))
    effects = solve(whole, models=models, channels=4)
    spread_both = spread(left.journeys, effects=effects) + spread(right.journeys, effects=effects)
    expected = spread(part_by_day(file).journeys, effects=effects)
    np.testing.assert_array_equal(spread_both.key, expected.key)
    np.testing.assert_allclose(spread_both.amounts, expected.amounts, rtol=1e-12)


@given(files=st.lists(path_files, max_size=3), many=st.integers(1, 8), far=st.sampled_from([0, 1 << 18, 1 << 40]))
@settings(max_examples=40, deadline=None)
def test_many_add_up_as_pairs_do(files: list[File], many: int, far: int) -> None:
    tallies = [Tally(), *(_moved(tallied(file), far * place) for place, file in enumerate(files * many))]
    assert_equal(add_tallies(tallies), reduce(Tally.__add__, tallies), within=0)


def _moved(tally: Tally, step: int) -> Tally:
    return Tally(tally.touch_models, {name: replace(one, key=one.key + step) for name, one in tally.sums.items()})


@given(file=path_files)
@settings(max_examples=20, deadline=None)
def test_tally_travels_as_bytes(file: File) -> None:
    tally = tallied(file)
    assert_equal(Tally.from_bytes(tally.to_bytes()), tally, within=0)
    assert Tally.from_bytes(Tally().to_bytes()) == Tally()


def test_built_in_models_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(built_in_models(half_life_us=5, direct=2)))[0].name == "first"


def test_tallies_of_other_models_are_refused() -> None:
    file: File = [(("a", "b"), (1, 0, 2.0))]
    few = choose_models(MODELS, names=["first"])
    with pytest.raises(ValueError, match="other models"):
        tallied(file) + tallied(file, few)
    with pytest.raises(ValueError, match="other models"):
        add_tallies([tallied(file), tallied(file, few)])
    assert_equal(Tally() + tallied(file, few), tallied(file, few), within=0)


@given(files=st.lists(path_files, min_size=1, max_size=5))
@settings(max_examples=20, deadline=None)
def test_threads_do_not_matter(files: list[File]) -> None:
    parts = [part_by_day(file) for file in files]
    alone, together = credited(*parts, threads=1), credited(*parts, threads=4)
    for name, cells in alone.cells.items():
        np.testing.assert_array_equal(together.cells[name].conversions, cells.conversions)
        np.testing.assert_array_equal(together.cells[name].value, cells.value)


def test_neighbours_count_as_each_alone() -> None:
    paths: list[Path] = [("a",), ("a", "b"), ("c", "a", "a")]
    files: list[File] = [[(paths[place % 3], (1 + place % 2, 1, 2.0 * place))] for place in range(MANY_PARTS + 1)]
    parts = [part_by_day(file, first=place) for place, file in enumerate(files)]
    expected = reduce(Tally.__add__, (count_journeys(part, models=MODELS, channels=4) for part in parts))
    found = credited(*parts, threads=3).tally
    assert_equal(Tally(found.touch_models, {name: found.sums[name] for name in expected.sums}), expected, within=1e-12)


def test_journeys_laid_together_stay_whole() -> None:
    files: list[File] = [[(("a", "b"), (1, 0, 2.0))], [(("c",), (2, 0, 5.0)), (("b", "b", "a"), (1, 0, 1.0))]]
    parts = [part_by_day(file).journeys for file in files]
    weighty = [replace(one, weight=one.channel.astype(np.float64) + 0.5) for one in parts]
    both = laid_together(weighty)
    assert both.lengths.tolist() == [2, 1, 3]
    assert both.conversions.tolist() == [1, 2, 1]
    np.testing.assert_array_equal(both.weight, both.channel + 0.5)
    assert laid_together(parts).weight is None


def test_channel_without_orders_keeps_its_effect() -> None:
    file: File = [(("a", "c", "b"), (0, 3, 0.0)), (("c",), (0, 1, 0.0)), (("b",), (2, 1, 8.0)), (("a",), (0, 1, 0.0))]
    found = credited(part_by_day(file))
    cells = found.cells["markov"]
    by_channel = cells.by(cells.cell // DAYS)
    assert list(by_channel.cell) == [0, 1, 2]
    np.testing.assert_allclose(by_channel.conversions, found.effects["markov"].conversions[:3] * 2)
    assert (by_channel.conversions > 0).all()
    assert [float(one) for one in cells.conversions[cells.cell // DAYS == 2]] == pytest.approx(
        [by_channel.conversions[2] / 2] * 2
    )


def test_channel_of_free_orders_keeps_its_value() -> None:
    file: File = [(("a", "b"), (1, 0, 0.0)), (("b", "a"), (0, 1, 0.0)), (("a",), (1, 0, 9.0)), (("b",), (1, 1, 0.0))]
    found = credited(part_by_day(file))
    for name, cells in found.cells.items():
        assert cells.value.sum() == pytest.approx(9.0), name
    assert found.effects["markov"].value[1] > 0
