"""The Shapley value over channels, exact to twenty of them and sampled beyond.

Game: v(S) = conversions / journeys among the journeys (null ones included) whose channels all lie in S; v(empty) = 0.
Source: L. S. Shapley, "A value for n-person games" (1953); the sum over subsets is Yates' (1937) zeta transform.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from core.attribution.coalitions import Coalitions
from core.attribution.groups import LeftSums
from core.attribution.journeys import Floats, Ints, Paths
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sampling import Game, sampled_values
from core.attribution.shares import shares_of
from core.attribution.sums import Sums, sums_along

EXACT_CHANNELS = 20
TOGETHER = 1 << 20
"""So many sets of players are looked at together, of however many games."""


@dataclass(frozen=True, slots=True)
class Shapley:
    """Credit is the share of the positive values."""

    name: str = "shapley"
    version: str = "1"

    @property
    def counter(self) -> Coalitions:
        """As ChannelModel asks."""
        return Coalitions()

    def count(self, paths: Paths, *, channels: int) -> Mapping[str, Sums]:
        """As a plugin's ChannelModel; the engine asks the counter, which models may share."""
        return self.counter.count(paths, channels=channels)

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """Raw values sum to the rate of all journeys; a share is the raw value over their sum, negative ones as 0."""
        coalitions = sums["coalitions"]
        mask = coalitions.key
        present, compact = _compact(mask, channels)
        game = Game(
            compact,
            len(present),
            coalitions.counts.sum(axis=0),
            np.stack([coalitions.counts[0], coalitions.amounts[0]]),
        )
        raw, spread = np.zeros((2, channels)), np.zeros((2, channels))
        if game.players <= EXACT_CHANNELS:
            raw[:, present] = exact_values(game)
        else:
            raw[:, present], spread[:, present] = sampled_values(game)
        details = {"raw": raw[0], "raw_value": raw[1]}
        if game.players > EXACT_CHANNELS:
            details |= {"raw_se": spread[0], "raw_value_se": spread[1]}
        return ChannelEffects(
            conversions=shares_of(raw[0]),
            value=shares_of(raw[1]),
            met=np.isin(np.arange(channels), present),
            details=details,
        )

    def solve_left(self, left: Mapping[str, LeftSums], *, channels: int) -> tuple[Floats, Floats]:
        """As ChannelModel asks. Who is met no more without a group adds nothing to any set, and has the value 0."""
        coalitions = left["coalitions"]
        present, compact = _compact(coalitions.key, channels)
        raw = np.zeros((2, len(coalitions.counts), channels))
        step = max(TOGETHER >> len(present), 1)
        for low in range(0, raw.shape[1], step):
            rows = slice(low, low + step)
            journeys = coalitions.counts[rows].sum(axis=-2)
            won = np.stack([coalitions.counts[rows, 0], coalitions.amounts[rows, 0]])
            raw[:, rows, present] = exact_values(Game(compact, len(present), journeys, won))
        return shares_of(raw[0]), shares_of(raw[1])


def _compact(mask: Ints, channels: int) -> tuple[list[int], Ints]:
    """The channels that are met, and the coalitions as bits of these alone."""
    present = [channel for channel in range(channels) if bool((mask >> channel & 1).any())]
    return present, sum(((mask >> channel & 1) << place for place, channel in enumerate(present)), np.zeros_like(mask))


def exact_values(game: Game) -> Floats:
    """float64[2, ..., players]: over all sets of players; the game's figures may have axes before the last."""
    journeys = _subset_sums(game.mask, game.journeys, game.players)
    values = []
    for won in game.won:
        gained = _subset_sums(game.mask, won, game.players)
        worth = np.divide(gained, journeys, out=np.zeros_like(gained), where=journeys > 0)
        values.append(_shapley_values(worth, game.players))
    return np.stack(values)


def _subset_sums(mask: Ints, amount: NDArray[np.number], players: int) -> Floats:
    """float64[..., 2 ** players]: for each set, the sum of `amount` over the masks inside it."""
    total = sums_along(mask, amount, size=1 << players)
    for player in range(players):
        pairs = total.reshape(*total.shape[:-1], -1, 2, 1 << player)
        pairs[..., 1, :] += pairs[..., 0, :]
    return total


def _shapley_values(worth: Floats, players: int) -> Floats:
    """float64[..., players]: sum over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S))."""
    size = np.zeros(1, np.int64)
    for _ in range(players):
        size = np.concatenate([size, size + 1])
    order_share = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)])
    values = np.empty((*worth.shape[:-1], players))
    for player in range(players):
        pairs = worth.reshape(*worth.shape[:-1], -1, 2, 1 << player)
        share = order_share[size.reshape(-1, 2, 1 << player)[:, 0]]
        values[..., player] = (share * (pairs[..., 1, :] - pairs[..., 0, :])).sum(axis=(-2, -1))
    return values
