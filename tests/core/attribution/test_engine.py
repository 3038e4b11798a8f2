"""From journeys to credits by cell: totals, splitting, and models that come from elsewhere."""

from collections import defaultdict
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.built_in import Rule
from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.engine import attribute
from core.attribution.heuristics import linear
from core.attribution.journeys import Floats, Ints
from core.attribution.parts import Part, part_of
from core.attribution.results import Credits
from core.attribution.spreading import NO_EFFECT
from core.errors import Conflict, Invalid
from tests.core.attribution.made_journeys import NAMES, Outcome, path_files, paths_of
from tests.core.attribution.slow_reference import Path

File = list[tuple[Path, Outcome]]
DAYS = 3


def part_by_day(file: File, *, first: int = 0, days: Ints | None = None) -> Part:
    """The cell is (channel, place in the file mod three): days, of a kind; or those given, one a path."""
    paths = paths_of([path for path, _ in file], [outcome for _, outcome in file])
    days = np.arange(first, first + len(file), dtype=np.int64) if days is None else days
    day = np.repeat(days, paths.lengths) % DAYS
    return part_of(paths, cell=paths.channel * DAYS + day)


def credited(*parts: Part, threads: int = 1) -> Credits:
    models = register_models(built_in_models(direct=0))
    return attribute([partial(_same, part) for part in parts], models=models, channels=4, width=DAYS, threads=threads)


def _same(part: Part) -> Part:
    return part


@given(file=path_files)
@settings(max_examples=60, deadline=None)
def test_every_model_sums_to_total(file: File) -> None:
    found = credited(part_by_day(file))
    for cells in found.cells.values():
        assert cells.conversions.sum() == pytest.approx(sum(o[0] for _, o in file), abs=1e-9)
        assert cells.value.sum() == pytest.approx(sum(o[2] for _, o in file), abs=1e-9)


@given(file=path_files)
@settings(max_examples=40, deadline=None)
def test_channel_models_keep_channel_totals(file: File) -> None:
    found = credited(part_by_day(file))
    for name, effects in found.effects.items():
        cells = found.cells[name].by(found.cells[name].cell // DAYS)
        expected = effects.conversions[cells.cell] * found.conversions
        np.testing.assert_allclose(cells.conversions, expected, rtol=0, atol=1e-9)


def slow_days(file: File, shares: Floats, *, by_value: bool) -> dict[int, float]:
    """A channel model's total by cell: each channel's, split as its orders are when each is spread over its touches in
    proportion to their channels' shares; where no order shows how, as the channel's touches are."""
    total = sum(outcome[2 if by_value else 0] for _, outcome in file)
    orders, touched = defaultdict[int, float](float), defaultdict[int, float](float)
    for day, (path, outcome) in enumerate(file):
        channels = [NAMES.index(letter) for letter in path]
        whole = sum(shares[channel] for channel in channels)
        for channel in channels:
            cell = channel * DAYS + day % DAYS
            touched[cell] += 1
            orders[cell] += outcome[2 if by_value else 0] * shares[channel] / whole if whole else 0.0
    found: dict[int, float] = {}
    for channel, share in enumerate(shares):
        cells = range(channel * DAYS, (channel + 1) * DAYS)
        split = orders if any(orders[cell] for cell in cells) else touched
        mine = sum(split[cell] for cell in cells)
        found |= {cell: share * total * split[cell] / mine if mine else 0.0 for cell in cells}
    return found


@given(file=path_files)
@settings(max_examples=60, deadline=None)
def test_days_of_channel_models_equal_slow_spread(file: File) -> None:
    found = credited(part_by_day(file))
    for name, effects in found.effects.items():
        cells = found.cells[name]
        for by_value, shares, given_ in (
            (False, effects.conversions, cells.conversions),
            (True, effects.value, cells.value),
        ):
            expected = slow_days(file, np.where(shares > NO_EFFECT, shares, 0.0), by_value=by_value)
            dense = np.zeros(len(shares) * DAYS)
            dense[cells.cell] = given_
            np.testing.assert_allclose(
                dense, [expected[cell] for cell in range(len(dense))], rtol=1e-9, atol=1e-9, err_msg=name
            )


@given(file=path_files, cut=st.integers(0, 8))
@settings(max_examples=40, deadline=None)
def test_splitting_changes_nothing(file: File, cut: int) -> None:
    parts = [part_by_day(file[:cut]), part_by_day(file[cut:], first=cut)]
    found, expected = credited(*parts), credited(part_by_day(file))
    for name, cells in expected.cells.items():
        np.testing.assert_array_equal(found.cells[name].cell, cells.cell)
        np.testing.assert_allclose(found.cells[name].conversions, cells.conversions, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.cells[name].value, cells.value, rtol=0, atol=1e-9)


@given(file=path_files, cut=st.integers(0, 8), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_order_and_buckets_change_no_credit(file: File, cut: int, seed: int) -> None:
    """Contacts in any order, in any two buckets: every model gives every cell the same, to 1e-12 of its total."""
    order = np.random.default_rng(seed).permutation(len(file))
    shuffled = [file[place] for place in order]
    halves = [part_by_day(shuffled[:cut], days=order[:cut]), part_by_day(shuffled[cut:], days=order[cut:])]
    found, expected = credited(*halves), credited(part_by_day(file))
    for name, cells in expected.cells.items():
        np.testing.assert_array_equal(found.cells[name].cell, cells.cell)
        for measure in ("conversions", "value"):
            given, other = getattr(cells, measure), getattr(found.cells[name], measure)
            np.testing.assert_allclose(other, given, rtol=0, atol=1e-12 * given.sum(), err_msg=f"{name} {measure}")


def test_sparse_cells_equal_dense_ones() -> None:
    part = part_of(paths_of([("a", "b")], [(1, 0, 8.0)]), cell=np.array([5, 1 << 40]))
    found = attribute([lambda: part], models={"linear": Rule("linear", linear)}, channels=2, width=1 << 40)
    assert list(found.cells["linear"].cell) == [5, 1 << 40]
    assert list(found.cells["linear"].value) == [4.0, 4.0]


def test_no_journeys_give_no_credit() -> None:
    found = credited()
    assert {name: len(cells.cell) for name, cells in found.cells.items()} == dict.fromkeys(found.cells, 0)


def test_name_taken_twice_is_refused() -> None:
    with pytest.raises(Conflict, match="linear"):
        register_models([*built_in_models(), Rule("linear", linear)])


def test_unknown_model_lists_known_ones() -> None:
    with pytest.raises(Invalid, match=r"frist.*first"):
        choose_models(register_models(built_in_models()), names=["frist"])


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_is_told_from_the_start(threads: int) -> None:
    told: list[int] = []
    parts = [partial(_same, part_by_day([(("a",), (1, 0, 1.0))])) for _ in range(3)]
    models = register_models(built_in_models(direct=0))
    attribute(parts, models=models, channels=4, width=DAYS, threads=threads, tick=told.append)
    assert told == [0, 1, 2, 3]
