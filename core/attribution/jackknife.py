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
from core.attribution.group_counts import CONTACTS, PATHS, PLACES
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


def standard_errors(
    tally: Tally, *, models: Mapping[str, AnyModel], channels: int, placements: int = 1
) -> dict[str, Errors]:
    """Of each model that was counted by group; empty when none was, or the groups are too few. placements: places of a
    channel, of whose groups the touch models' credits were counted."""
    if sample_of(tally).groups < LEAST_GROUPS:
        return {}
    scale, found = scale_of(tally), {}
    for name, (sums, rows) in kept_credits(tally).items():
        channel = sums.key // (GROUPS * placements)
        conversions, value = (left_out(sums, row, at=channel, size=channels) for row in rows)
        found[name] = spread_of(conversions, value, scale)
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


def scale_of(tally: Tally) -> Floats:
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


def kept_credits(tally: Tally) -> dict[str, tuple[Sums, tuple[int, int]]]:
    """Of the touch models, whose credits add up: sums by place and group, and their rows of conversions and value."""
    found = {name: (tally.sums[PLACES], (2 * row, 2 * row + 1)) for row, name in enumerate(tally.touch_models)}
    if BY_GROUP + UPSTREAM in tally.sums:
        found[UPSTREAM] = tally.sums[BY_GROUP + UPSTREAM], (0, 1)
    return found


def left_out(sums: Sums, row: int, *, at: Ints, size: int) -> Floats:
    """float64[GROUPS + 1, size]: a row's credits of each place without each group, and last those of all. at: int64[k],
    the place of each key, below size."""
    credits = dense_sums(at * GROUPS + sums.key % GROUPS, sums.amounts[row], size=size * GROUPS)
    by_group = credits.reshape(size, GROUPS).T
    whole = by_group.sum(axis=0)
    return np.vstack([whole - by_group, whole])


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
        if name.startswith(BY_GROUP) and name not in (CONTACTS, PATHS, PLACES)
    }


def _without(counted: Floats | Ints) -> Floats:
    """float64[GROUPS + 1]: all less each group's, and last all."""
    whole = float(counted.sum())
    return np.append(whole - counted, whole)
