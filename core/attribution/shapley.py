"""The Shapley value over channels, exact to twenty of them and sampled beyond.

Game: v(S) = conversions / journeys among the journeys (null ones included) whose channels all lie in S; v(empty) = 0.
Source: L. S. Shapley, "A value for n-person games" (1953); the sum over subsets is Yates' (1937) zeta transform.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial

import numpy as np

from core.attribution.coalitions import Coalitions
from core.attribution.journeys import Floats, Ints, Paths
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sampling import Game, sampled_values
from core.attribution.sums import Sums

EXACT_CHANNELS = 20


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
        present = [channel for channel in range(channels) if bool((mask >> channel & 1).any())]
        compact = sum(((mask >> channel & 1) << place for place, channel in enumerate(present)), np.zeros_like(mask))
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
            conversions=_shares(raw[0]),
            value=_shares(raw[1]),
            met=np.isin(np.arange(channels), present),
            details=details,
        )


def exact_values(game: Game) -> Floats:
    """float64[2, players]: over all sets of players."""
    journeys = _subset_sums(game.mask, game.journeys, game.players)
    values = np.empty((2, game.players))
    for row, won in enumerate(game.won):
        gained = _subset_sums(game.mask, won, game.players)
        worth = np.divide(gained, journeys, out=np.zeros_like(gained), where=journeys > 0)
        values[row] = _shapley_values(worth, game.players)
    return values


def _subset_sums(mask: Ints, amount: "np.ndarray[tuple[int], np.dtype[np.generic]]", players: int) -> Floats:
    """float64[2 ** players]: for each set, the sum of `amount` over the masks inside it."""
    total = np.bincount(mask, weights=amount, minlength=1 << players).astype(np.float64)
    for player in range(players):
        pairs = total.reshape(-1, 2, 1 << player)
        pairs[:, 1] += pairs[:, 0]
    return total


def _shapley_values(worth: Floats, players: int) -> Floats:
    """float64[players]: sum over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S))."""
    size = np.zeros(1, np.int64)
    for _ in range(players):
        size = np.concatenate([size, size + 1])
    order_share = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)])
    values = np.empty(players)
    for player in range(players):
        pairs = worth.reshape(-1, 2, 1 << player)
        sizes = size.reshape(-1, 2, 1 << player)[:, 0]
        values[player] = float((order_share[sizes] * (pairs[:, 1] - pairs[:, 0])).sum())
    return values


def _shares(raw: Floats) -> Floats:
    kept = np.maximum(raw, 0.0)
    total = kept.sum()
    return kept / total if total > 0 else np.zeros_like(raw)
