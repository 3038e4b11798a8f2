"""Intervals against published figures, and against a thousand experiments whose truth is known."""

import numpy as np
import pytest

from core.experiments.lift import Arm, detectable, people_needed, rate_lift, value_lift
from core.experiments.verdicts import judge

ROUNDS = 1_500


@pytest.mark.parametrize(
    "treated, held_out, expected",
    [
        ((56, 70), (48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.6000, 0.1705, 0.8090)),
        ((5, 56), (0, 29), (0.0893, -0.0381, 0.1926)),
        ((10, 10), (0, 10), (1.0000, 0.6075, 1.0000)),
    ],
)
def test_interval_equals_newcombes_table(
    treated: tuple[int, int], held_out: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    found = rate_lift(Arm(treated[1], treated[0]), Arm(held_out[1], held_out[0]))
    assert found is not None
    assert (found.difference, found.low, found.high) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("rates", [(0.06, 0.05), (0.05, 0.05), (0.3, 0.34), (0.012, 0.01)])
def test_rate_interval_covers_the_truth(rates: tuple[float, float]) -> None:
    dice = np.random.default_rng(11)
    treated, held_out = dice.binomial(9_000, rates[0], ROUNDS), dice.binomial(1_000, rates[1], ROUNDS)
    covered = 0
    for one, other in zip(treated.tolist(), held_out.tolist(), strict=True):
        found = rate_lift(Arm(9_000, one), Arm(1_000, other))
        assert found is not None
        covered += found.low <= rates[0] - rates[1] <= found.high
    assert 0.93 <= covered / ROUNDS <= 0.97


def test_value_interval_covers_the_truth() -> None:
    dice = np.random.default_rng(12)
    truth = (0.10 - 0.08) * np.exp(0.4**2 / 2) * 100
    covered = 0
    for _ in range(ROUNDS):
        arms = []
        for people, rate in ((4_500, 0.10), (500, 0.08)):
            value = dice.lognormal(0.0, 0.4, dice.binomial(people, rate)) * 100
            arms.append(Arm(people, len(value), float(value.sum()), float((value**2).sum())))
        found = value_lift(*arms)
        assert found is not None
        covered += found.low <= truth <= found.high
    assert 0.925 <= covered / ROUNDS <= 0.97


def test_needed_people_show_the_difference() -> None:
    needed = people_needed(0.05, 0.01, share=0.5)
    assert needed == 14_913
    arms = Arm(needed // 2, round(needed / 2 * 0.05)), Arm(needed // 2, round(needed / 2 * 0.05))
    assert detectable(*arms) == pytest.approx(0.01, rel=1e-3)
    dice, shown = np.random.default_rng(13), 0
    for _ in range(400):
        found = rate_lift(Arm(needed // 2, int(dice.binomial(needed // 2, 0.055))),
                          Arm(needed // 2, int(dice.binomial(needed // 2, 0.045))))  # fmt: skip
        shown += found is not None and found.low > 0
    assert shown / 400 == pytest.approx(0.8, abs=0.06)


def test_empty_arms_say_nothing() -> None:
    assert rate_lift(Arm(), Arm(10, 1)) is None
    assert value_lift(Arm(1, 1, 5.0, 25.0), Arm(10, 1)) is None
    assert detectable(Arm(), Arm(3, 1)) is None
    assert (people_needed(0.0, 0.01, share=0.1), people_needed(0.1, 0.0, share=0.1)) == (None, None)


@pytest.mark.parametrize(
    "treated, held_out, code",
    [
        (Arm(0), Arm(10, 2), "nobody_yet"),
        (Arm(90, 20), Arm(10, 2), "too_small"),
        (Arm(9_000, 720), Arm(1_000, 50), "works"),
        (Arm(9_000, 360), Arm(1_000, 80), "harms"),
        (Arm(9_000, 450), Arm(1_000, 49), "unclear"),
    ],
)
def test_verdict_follows_the_interval(treated: Arm, held_out: Arm, code: str) -> None:
    verdict = judge(treated, held_out, rate_lift(treated, held_out))
    assert verdict.code == code
    assert verdict.zh.endswith("。") and verdict.en.endswith(".")
