"""From two arms to a lift with its interval. Pure figures; formulas and sources stand in docs/experiments.md."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.80
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_Z_POWER = NormalDist().inv_cdf(POWER)


@dataclass(frozen=True, slots=True)
class Arm:
    """People of an arm, those who bought, the sum of their values and of its squares (a value is a person's)."""

    people: int = 0
    converted: int = 0
    value: float = 0.0
    squares: float = 0.0

    @property
    def rate(self) -> float:
        """Buyers a person."""
        return self.converted / self.people if self.people else 0.0

    @property
    def mean(self) -> float:
        """Value a person, those who did not buy included."""
        return self.value / self.people if self.people else 0.0

    @property
    def variance(self) -> float:
        """Of the value a person, unbiased."""
        if self.people < 2:
            return 0.0
        return max(self.squares - self.people * self.mean**2, 0.0) / (self.people - 1)


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference (treated less held out, a person) and its 95 % interval."""

    difference: float
    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """The same over so many people, or in another unit."""
        return Interval(self.difference * factor, self.low * factor, self.high * factor)


def wilson_limits(converted: int, people: int) -> tuple[float, float]:
    """The score interval of one proportion. Source: E. B. Wilson (1927)."""
    rate, z2 = converted / people, _Z * _Z
    centre = (rate + z2 / (2 * people)) / (1 + z2 / people)
    half = _Z * sqrt(rate * (1 - rate) / people + z2 / (4 * people * people)) / (1 + z2 / people)
    return centre - half, centre + half


def rate_lift(treated: Arm, held_out: Arm) -> Interval | None:
    """Difference of proportions with the hybrid score interval; None where an arm is empty.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10."""
    if not treated.people or not held_out.people:
        return None
    low1, high1 = wilson_limits(treated.converted, treated.people)
    low0, high0 = wilson_limits(held_out.converted, held_out.people)
    p1, p0 = treated.rate, held_out.rate
    return Interval(p1 - p0, p1 - p0 - sqrt((p1 - low1) ** 2 + (high0 - p0) ** 2),
                    p1 - p0 + sqrt((high1 - p1) ** 2 + (p0 - low0) ** 2))  # fmt: skip


def value_lift(treated: Arm, held_out: Arm) -> Interval | None:
    """Difference of mean values a person, of normal shape in large arms; None where an arm has fewer than two people.
    Source: B. L. Welch, Biometrika 29 (1938): unequal variances, each over its own size."""
    if treated.people < 2 or held_out.people < 2:
        return None
    half = _Z * sqrt(treated.variance / treated.people + held_out.variance / held_out.people)
    difference = treated.mean - held_out.mean
    return Interval(difference, difference - half, difference + half)


def detectable(treated: Arm, held_out: Arm) -> float | None:
    """The smallest difference that arms of these sizes show in four of five experiments, at the rate seen in both.
    Source: J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions (2003), chapter 4."""
    if not treated.people or not held_out.people:
        return None
    rate = (treated.converted + held_out.converted) / (treated.people + held_out.people)
    spread = rate * (1 - rate) * (1 / treated.people + 1 / held_out.people)
    return (_Z + _Z_POWER) * sqrt(spread)


def people_needed(rate: float, difference: float, *, share: float) -> int | None:
    """How many people, both arms together, show such a difference from such a rate in four of five experiments; the
    same formula solved for the size. None where there is no difference or no rate."""
    if not 0 < rate < 1 or difference == 0:
        return None
    spread = rate * (1 - rate) * (1 / share + 1 / (1 - share))
    return -int(-((_Z + _Z_POWER) ** 2 * spread) // difference**2)
