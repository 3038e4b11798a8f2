"""Intervals of placements, and the interval of one credit."""

from dataclasses import dataclass

import numpy as np

from core.attribution.groups import GROUPS
from core.attribution.jackknife import (
    LEAST_GROUPS,
    Errors,
    half_width,
    kept_credits,
    left_out,
    sample_of,
    scale_of,
    spread_of,
)
from core.attribution.journeys import Ints
from core.attribution.tally import Tally


@dataclass(frozen=True, slots=True)
class PlaceErrors:
    """place: int64[p], channel * placements + placement, ascending; errors: float64[p] each."""

    place: Ints
    errors: Errors


def place_errors(tally: Tally) -> dict[str, PlaceErrors]:
    """Of each touch model, by placement; empty when nothing was counted by group, or the groups are too few. Markov and
    Shapley have none: what a placement gets of them hangs on the effects of all channels, which would have to be spread
    over all journeys again without each group."""
    if sample_of(tally).groups < LEAST_GROUPS:
        return {}
    scale, found = scale_of(tally), {}
    for name, (sums, rows) in kept_credits(tally).items():
        of_key = sums.key // GROUPS  # keys ascend, and so do places
        begins = np.diff(of_key, prepend=-1) > 0
        place, at = of_key[begins], np.cumsum(begins) - 1
        conversions, value = (left_out(sums, row, at=at, size=len(place)) for row in rows)
        found[name] = PlaceErrors(place, spread_of(conversions, value, scale))
    return found


def shown_place_errors(found: PlaceErrors | None, *, placements: int) -> dict[str, list[float]]:
    """As they are kept with the credits: numbers of channel and placement, and the errors of each."""
    if found is None:
        return {}
    channel, placement = np.divmod(found.place, placements)
    return {
        "place_channel": channel.tolist(),
        "place_placement": placement.tolist(),
        "place_se": found.errors.conversions.tolist(),
        "place_se_value": found.errors.value.tolist(),
    }


def interval_of(total: float, error: float, *, groups: int) -> tuple[float, float]:
    """Low and high end of the 95 % interval. Credits are never below zero, so the interval is not either. groups: that
    the error is made of."""
    half = half_width(error, groups=groups)
    return max(0.0, total - half), total + half
