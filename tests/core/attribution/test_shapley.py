"""The Shapley value against all permutations."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.attribution.shapley import Shapley
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
