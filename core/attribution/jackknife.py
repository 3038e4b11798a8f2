"""How far credits depend on whom one happened to meet: the delete-a-group jackknife over groups of contacts.

Source: P. S. Kott, "The Delete-a-Group Jackknife", Journal of Official Statistics 17 (2001). Contacts are the units,
since the touches and orders of one contact belong together; every figure is made again without each group, from sums
that were counted by group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from core.attribution.counting import grouped_models
from core.attribution.group_counts import CHANNELS, CONTACTS, PATHS
from core.attribution.groups import BY_GROUP, GROUPS, LeftSums, leave_out
from core.attribution.journeys import Floats, Ints
from core.attribution.model_kinds import AnyModel, ChannelModel
from core.attribution.sums import Sums, dense_sums
from core.attribution.tally import Tally
from core.attribution.upstream import UPSTREAM

LEAST_GROUPS = 10
"""With fewer groups that hold anybody nothing can be said."""
CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Errors:
    """float64[channels] each: standard errors of a model's conversions and value."""

    conversions: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """contacts: who had a touch in the window; groups: how many of GROUPS hold one of them."""

    contacts: int
    groups: int


def sample_of(tally: Tally) -> Sample:
    """Whom the tally was made of; of nobody when it was not counted by group."""
    if CONTACTS not in tally.sums:
        return Sample(0, 0)
    counted = tally.sums[CONTACTS]
    return Sample(int(counted.counts.sum()), len(counted))


def standard_errors(tally: Tally, *, models: Mapping[str, AnyModel], channels: int) -> dict[str, Errors]:
    """Of each model that was counted by group; empty when none was, or the groups are too few."""
    if sample_of(tally).groups < LEAST_GROUPS:
        return {}
    scale = _scale(tally)
    found = {name: spread_of(*rows, scale) for name, rows in _kept_credits(tally, channels).items()}
    left = _left_sums(tally)
    for name, model in grouped_models(models, channels=channels).items():
        found[name] = spread_of(*_solved_credits(tally, left, model, channels), scale)
    return found


def shown_errors(errors: Errors | None) -> dict[str, list[float]]:
    """As they are kept with the credits, by channel number."""
    return {} if errors is None else {"se": errors.conversions.tolist(), "se_value": errors.value.tolist()}


def half_width(error: float, *, groups: int) -> float:
    """Half of the 95 % interval: Student's t with groups - 1 degrees of freedom, times the standard error. Source of
    the expansion of t: M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5."""
    z, v = _Z, groups - 1
    t = z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    t += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return t * error


def _scale(tally: Tally) -> Floats:
    """float64[GROUPS]: what is left without a group stands for all contacts again: n / (n - n_g)."""
    contacts = tally.sums[CONTACTS].count(0, np.arange(GROUPS))
    whole = contacts.sum()
    scale: Floats = whole / np.maximum(whole - contacts, 1.0)
    return scale


def spread_of(conversions: Floats, value: Floats, scale: Floats) -> Errors:
    """Of float64[GROUPS + 1, channels]: credits without each group, and last those of all."""
    return Errors(_error(conversions, scale), _error(value, scale))


def _error(credits: Floats, scale: Floats) -> Floats:
    held = scale > 1.0
    groups = int(held.sum())
    off = credits[:-1][held] * scale[held, None] - credits[-1]
    error: Floats = np.sqrt((off**2).sum(axis=0) * (groups - 1) / groups)
    return error


def _kept_credits(tally: Tally, channels: int) -> dict[str, tuple[Floats, Floats]]:
    """Of the touch models, whose credits add up: all less each group's."""
    sums = tally.sums[CHANNELS]
    found = {
        name: (_left(sums, 2 * row, channels), _left(sums, 2 * row + 1, channels))
        for row, name in enumerate(tally.touch_models)
    }
    if BY_GROUP + UPSTREAM in tally.sums:
        gained = tally.sums[BY_GROUP + UPSTREAM]
        found[UPSTREAM] = _left(gained, 0, channels), _left(gained, 1, channels)
    return found


def _left(sums: Sums, row: int, channels: int) -> Floats:
    credits = dense_sums(sums.key, sums.amounts[row], size=channels * GROUPS).reshape(channels, GROUPS).T
    whole = credits.sum(axis=0)
    return np.vstack([whole - credits, whole])


def _solved_credits(
    tally: Tally, left: Mapping[str, LeftSums], model: ChannelModel, channels: int
) -> tuple[Floats, Floats]:
    """Of a channel model, solved again without each group."""
    conversions, value = model.solve_left(left, channels=channels)
    every = np.arange(GROUPS, dtype=np.int64)
    paths = tally.sums[PATHS]
    return (
        conversions * _without(paths.count(1, every))[:, None],
        value * _without(paths.amount(0, every))[:, None],
    )


def _left_sums(tally: Tally) -> dict[str, LeftSums]:
    """What the counters counted by group, without each group; by the plain names."""
    return {
        name.removeprefix(BY_GROUP): leave_out(sums)
        for name, sums in tally.sums.items()
        if name.startswith(BY_GROUP) and name not in (CONTACTS, PATHS, CHANNELS)
    }


def _without(counted: Floats | Ints) -> Floats:
    """float64[GROUPS + 1]: all less each group's, and last all."""
    whole = float(counted.sum())
    return np.append(whole - counted, whole)
