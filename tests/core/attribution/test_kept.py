"""What a full run leaves: patterns that spread as journeys do, whole amounts, and one file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution import patterns
from core.attribution.counting import solve
from core.attribution.increment import whole_amounts
from core.attribution.kept import KeptRun, read_kept, write_kept
from core.attribution.model_kinds import channel_models
from core.attribution.patterns import find_patterns, in_blocks
from core.attribution.spreading import spread
from core.attribution.sums import Sums
from core.attribution.tails import Tails
from core.attribution.tally import Tally
from core.lake.manifest import Part, Snapshot
from tests.core.attribution.made_journeys import path_files
from tests.core.attribution.test_engine import File, part_by_day
from tests.core.attribution.test_tally import MODELS, assert_equal, tallied


@given(files=st.lists(path_files, min_size=1, max_size=4), collide=st.booleans())
@settings(max_examples=60, deadline=None)
def test_patterns_spread_as_journeys_do(files: list[File], collide: bool) -> None:
    tally = sum((tallied(file) for file in files), Tally())
    effects = solve(tally, models=channel_models(MODELS), channels=4)
    journeys = [part_by_day(file).journeys for file in files]
    expected = sum((spread(one, effects=effects) for one in journeys[1:]), spread(journeys[0], effects=effects))
    with pytest.MonkeyPatch.context() as patch:
        if collide:
            patch.setattr(patterns, "_mixed", lambda word: np.zeros(len(word), np.uint64))
        blocks = [find_patterns(block) for block in in_blocks(iter(journeys))]
    assert len(blocks) == bool(len(expected))
    for found in (block.spread(effects) for block in blocks):
        np.testing.assert_array_equal(found.key, expected.key)
        np.testing.assert_array_equal(found.counts, expected.counts)
        np.testing.assert_allclose(found.amounts, expected.amounts, rtol=1e-12)


def test_rests_of_values_are_rounded_away() -> None:
    def tally(value: float) -> Tally:
        one = np.array([[3], [1]])
        return Tally((), {"paths": Sums(np.zeros(1, np.int64), one, np.array([[value]]))})

    left = tally(0.1) + tally(0.2) - tally(0.3)
    assert left.value != 0
    assert whole_amounts(left + tally(0.0), minor=100).value == 0
    assert whole_amounts(tally(19.989999999), minor=100).value == 19.99


def test_kept_file_holds_all(tmp_path: Path) -> None:
    file: File = [(("a", "b"), (1, 0, 2.0)), (("b",), (0, 1, 0.0))]
    part = part_by_day(file)
    parts = (Part("bucket=000/part-1-touches.parquet", 0, "touches", 3, 1),)
    snapshot = Snapshot(7, 3, 0, {"orders": [4, "a"]}, parts)
    counts = Sums(np.arange(2), np.array([[1, 2], [0, 1]]), np.empty((0, 2)))
    met = Sums(np.arange(2), np.array([[1, 2]]), np.empty((0, 2)))
    tails = Tails(np.array([5, 0], np.int32), np.array([0, 2, 2], np.int32), np.array([3, 0]), np.array([1, 0]))
    patterns_of = (find_patterns([part.journeys]),)
    kept = KeptRun("run", 5, snapshot, 2, tallied(file), patterns_of, counts, met, None, tails)
    write_kept(tmp_path / "runs" / "kept.arrow", kept)
    found, is_whole = read_kept(tmp_path / "runs" / "kept.arrow")
    assert is_whole.result()
    assert (found.run, found.taken_us, found.snapshot, found.contacts, found.above) == ("run", 5, snapshot, 2, None)
    assert_equal(found.tally, kept.tally, within=0)
    np.testing.assert_array_equal(found.alive.counts, counts.counts)
    np.testing.assert_array_equal(found.met.counts, met.counts)
    assert found.tails is not None
    for name in Tails.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found.tails, name), getattr(tails, name))
    for name in patterns.Patterns.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found.patterns[0], name), getattr(kept.patterns[0], name))
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["kept.arrow"]
