"""Intervals by deleting groups of contacts: as wide as a bootstrap over contacts says, made of sums that add up."""

from dataclasses import replace

import numpy as np
import pytest

from core.attribution.catalog import built_in_models, choose_models, register_models
from core.attribution.cautions import RunFigures, cautions_of_run
from core.attribution.counting import count_journeys, solve
from core.attribution.engine import rule_cells
from core.attribution.group_counts import CONTACTS, count_contacts
from core.attribution.groups import GROUPS, group_of, leave_out
from core.attribution.jackknife import half_width, sample_of, standard_errors
from core.attribution.journeys import DAY_US, Floats, Ints, Orders, Touches
from core.attribution.matching import Window, match_touches
from core.attribution.model_kinds import channel_models
from core.attribution.parts import Groups, Part
from core.attribution.shapley import Shapley
from core.attribution.tally import Tally
from tests.core.attribution.test_tally import assert_equal

CHANNELS = 4
MODELS = choose_models(
    register_models(built_in_models(direct=0)),
    names=["first", "last_non_direct", "linear", "time_decay", "w_shaped", "markov", "markov_2", "shapley"],
)


def made_events(people: int, *, seed: int) -> tuple[Touches, Orders]:
    """Contacts who differ in how much they meet and whether they buy, so that touches alone would look too sure."""
    random = np.random.default_rng(seed)
    times = random.geometric(0.35, people)
    contact = np.repeat(np.arange(1, people + 1), times)
    ts = random.integers(0, 60 * DAY_US, len(contact))
    favourite = random.integers(0, CHANNELS, people)[contact - 1]
    channel = np.where(random.random(len(contact)) < 0.6, favourite, random.integers(0, CHANNELS, len(contact)))
    touches = Touches(contact, ts, channel.astype(np.int32), channel.astype(np.int64)).sorted()
    buyer = np.flatnonzero(random.random(people) < 0.1 + 0.1 * (times > 3)) + 1
    value = random.gamma(1.0, 50.0, len(buyer))
    return touches, Orders(buyer, np.full(len(buyer), 61 * DAY_US), value, np.ones(len(buyer), np.bool_))


def grouped_part(touches: Touches, orders: Orders) -> Part:
    """As a bucket of the lake is."""
    found = match_touches(touches, orders, window=Window())
    groups = Groups(group_of(touches.contact[found.begin]), group_of(orders.contact[found.order]))
    return replace(found.part, groups=groups, besides={CONTACTS: count_contacts(group_of(np.unique(touches.contact)))})


def tallied(part: Part) -> Tally:
    return count_journeys(part, models=MODELS, channels=CHANNELS)


def credited(tally: Tally) -> dict[str, Floats]:
    """float64[2, channels] a model: conversions and value."""
    found = {}
    for name, cells in rule_cells(tally).items():
        found[name] = np.zeros((2, CHANNELS))
        found[name][:, cells.cell] = cells.conversions, cells.value
    for name, effects in solve(tally, models=MODELS, channels=CHANNELS).items():
        found[name] = np.stack([effects.conversions * tally.conversions, effects.value * tally.value])
    return found


def resampled(touches: Touches, orders: Orders, random: np.random.Generator) -> tuple[Touches, Orders]:
    """As many contacts, drawn with replacement; one drawn twice is two."""
    people = int(touches.contact.max())
    begin, end = (np.searchsorted(touches.contact, np.arange(1, people + 1), side) for side in ("left", "right"))
    drawn = random.integers(0, people, people)
    index = np.concatenate([np.arange(begin[who], end[who]) for who in drawn])
    copied = replace(touches.take(index), contact=np.repeat(np.arange(1, people + 1), (end - begin)[drawn]))
    bought = np.full(people + 1, -1)
    bought[orders.contact] = np.arange(len(orders))
    kept = np.flatnonzero(bought[drawn + 1] >= 0)
    return copied, replace(orders.take(bought[drawn[kept] + 1]), contact=kept + 1)


def test_errors_equal_bootstrap_over_contacts() -> None:
    touches, orders = made_events(4_000, seed=5)
    part = grouped_part(touches, orders)
    errors = standard_errors(tallied(part), models=MODELS, channels=CHANNELS)
    random = np.random.default_rng(7)
    drawn: dict[str, list[Floats]] = {name: [] for name in MODELS}
    for _ in range(150):
        for name, credit in credited(tallied(grouped_part(*resampled(touches, orders, random)))).items():
            drawn[name].append(credit)
    ratios = []
    for name, credits in drawn.items():
        spread = np.std(np.array(credits), axis=0, ddof=1)
        ratios.append(np.stack([errors[name].conversions, errors[name].value]) / spread)
    found = np.array(ratios)
    # 64 groups know a standard error to 9 %, 150 samples to 6 %.
    assert found.min() > 0.65
    assert found.max() < 1.5
    assert found.mean() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("people", [12, 500])
def test_sums_without_groups_are_of_others(people: int) -> None:
    touches, orders = made_events(people, seed=1)
    tally = tallied(grouped_part(touches, orders))
    left = {name: leave_out(tally.sums[f"by_group/{name}"]) for name in ("grams", "ends", "coalitions")}
    for group in (*np.unique(group_of(touches.contact))[:9].tolist(), GROUPS):
        others = group_of(touches.contact) != group
        part = grouped_part(touches.take(others), orders.take(group_of(orders.contact) != group))
        for name, expected in tallied(part).sums.items():
            if name in left:
                found = left[name].row(group)
                np.testing.assert_array_equal(found.key, expected.key)
                np.testing.assert_array_equal(found.counts, expected.counts)
                np.testing.assert_allclose(found.amounts, expected.amounts, rtol=0, atol=1e-9)


@pytest.mark.parametrize("people", [12, 500])
def test_solving_together_equals_each_alone(people: int) -> None:
    tally = tallied(grouped_part(*made_events(people, seed=4)))
    left = {name: leave_out(tally.sums[f"by_group/{name}"]) for name in ("grams", "ends", "coalitions")}
    for model in channel_models(MODELS).values():
        conversions, value = model.solve_left(left, channels=CHANNELS)
        for row in range(GROUPS + 1):
            alone = model.solve({name: sums.row(row) for name, sums in left.items()}, channels=CHANNELS)
            np.testing.assert_allclose(conversions[row], alone.conversions, rtol=0, atol=1e-12)
            np.testing.assert_allclose(value[row], alone.value, rtol=0, atol=1e-12)


def test_games_in_pieces_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = tallied(grouped_part(*made_events(500, seed=4)))
    left = {"coalitions": leave_out(tally.sums["by_group/coalitions"])}
    whole = Shapley().solve_left(left, channels=CHANNELS)
    monkeypatch.setattr("core.attribution.shapley.TOGETHER", 7 << CHANNELS)
    np.testing.assert_array_equal(Shapley().solve_left(left, channels=CHANNELS), whole)


def test_grouped_tallies_add_and_subtract() -> None:
    touches, orders = made_events(500, seed=2)
    early = touches.contact <= 200
    left = tallied(grouped_part(touches.take(early), orders.take(orders.contact <= 200)))
    right = tallied(grouped_part(touches.take(~early), orders.take(orders.contact > 200)))
    whole = tallied(grouped_part(touches, orders))
    assert_equal(left + right, whole, within=1e-9)
    assert_equal(Tally.from_bytes((whole - right).to_bytes()), left, within=1e-9)


def test_other_figures_are_left_alone() -> None:
    part = grouped_part(*made_events(300, seed=3))
    plain, found = tallied(replace(part, groups=None, besides={})), tallied(part)
    assert_equal(replace(found, sums={name: found.sums[name] for name in plain.sums}), plain, within=0)


def test_few_contacts_have_no_interval() -> None:
    tally = tallied(grouped_part(*made_events(6, seed=1)))
    assert sample_of(tally).groups <= 6
    assert standard_errors(tally, models=MODELS, channels=CHANNELS) == {}


def test_one_contact_a_group_is_the_plain_jackknife() -> None:
    group: Ints = group_of(np.arange(1, 2000)).astype(np.int64)
    chosen = np.sort(np.unique(group, return_index=True)[1][:20]) + 1
    contact, value = np.repeat(chosen, 1), np.arange(1.0, 21.0)
    touches = Touches(contact, np.zeros(20, np.int64), np.zeros(20, np.int32), np.zeros(20, np.int64))
    orders = Orders(contact, np.ones(20, np.int64), value, np.ones(20, np.bool_))
    errors = standard_errors(tallied(grouped_part(touches, orders)), models=MODELS, channels=CHANNELS)
    expected = 20 * np.std(value, ddof=1) / np.sqrt(20)  # of a total over twenty people
    for name in ("linear", "markov", "shapley"):
        assert errors[name].value[0] == pytest.approx(expected, rel=1e-9)
        assert errors[name].conversions[0] == pytest.approx(0.0, abs=1e-9)


def test_half_width_is_students_t() -> None:
    assert half_width(1.0, groups=64) == pytest.approx(1.9983405, abs=1e-6)
    assert half_width(2.0, groups=10) == pytest.approx(2 * 2.2621572, abs=1e-3)


def test_small_samples_are_cautioned() -> None:
    codes = [one.code for one in cautions_of_run(RunFigures(orders=20, lost=15, contacts=299, groups=64))]
    assert codes == ["few_orders", "few_contacts", "mostly_unattributed"]
    assert cautions_of_run(RunFigures(orders=30, lost=15, contacts=300, groups=64)) == []
    assert [one.code for one in cautions_of_run(RunFigures(30, 0, 9, 9))] == ["few_contacts"]
    assert [one.code for one in cautions_of_run(RunFigures(30, 0, 0, 0))] == ["no_interval"]
