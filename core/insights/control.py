"""Is this rate usual? Control charts with limits three standard deviations from the brand's own past.

Sources: W. A. Shewhart, Economic Control of Quality of Manufactured Product (1931); D. C. Montgomery, Introduction to
Statistical Quality Control, chapter on charts for attributes: the p chart for shares, the u chart for events a unit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

SIGMAS = 3.0
PAST = 12
"""Periods that are looked back on."""
LEAST_PERIODS = 4
LEAST_PAST = 100
LEAST_NOW = 30
Mark = Literal["usual", "low", "high", "no_past", "few", "not_over"]


@dataclass(frozen=True, slots=True)
class Sample:
    """events among `size` people in one period; is_over: the period is past."""

    events: int
    size: int
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """usual: the rate of the past; low, high: the limits for a sample of this size; past_size: people in it."""

    mark: Mark
    usual: float | None
    low: float | None
    high: float | None
    past_size: int


def judge_share(sample: Sample, past: Sequence[Sample]) -> Judged:
    """By a p chart: each of the sample is an event or is none. past: the periods before."""
    return _judge(sample, past, variance=lambda usual: usual * (1 - usual), ceiling=1.0)


def judge_events(sample: Sample, past: Sequence[Sample]) -> Judged:
    """By a u chart: events are counted for each of the sample, without a bound. past: the periods before."""
    return _judge(sample, past, variance=lambda usual: usual, ceiling=math.inf)


def _judge(sample: Sample, past: Sequence[Sample], *, variance: Callable[[float], float], ceiling: float) -> Judged:
    known = [one for one in past if one.size]
    size = sum(one.size for one in known)
    if len(known) < LEAST_PERIODS or size < LEAST_PAST:
        return Judged("no_past", None, None, None, size)
    usual = sum(one.events for one in known) / size
    if not sample.size:
        return Judged("few", usual, None, None, size)
    reach = SIGMAS * math.sqrt(variance(usual) / sample.size)
    low, high = max(usual - reach, 0.0), min(usual + reach, ceiling)
    return Judged(_mark(sample, low, high), usual, low, high, size)


def _mark(sample: Sample, low: float, high: float) -> Mark:
    if not sample.is_over:
        return "not_over"
    if sample.size < LEAST_NOW:
        return "few"
    rate = sample.events / sample.size
    return "low" if rate < low else "high" if rate > high else "usual"
