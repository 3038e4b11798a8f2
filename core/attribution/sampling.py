"""The Shapley value from random orders of joining, each with its reverse, and how far off it may be.

Source: J. Castro, D. Gomez, J. Tejada, "Polynomial calculation of the Shapley value based on sampling" (2009);
antithetic pairs as in R. Mitchell, J. Cooper, E. Frank, G. Holmes, "Sampling permutations for Shapley value
estimation" (2022).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Floats, Ints

PAIRS = 1_000
SEED = 20_090_101
"""Fixed, so that a run made again gives the same figures."""


@dataclass(frozen=True, slots=True)
class Game:
    """mask: int64[k], the players of each coalition as bits, counted from 0; journeys: whole numbers[k]; won:
    float64[2, k], conversions and value. What a set of players is worth: won / journeys of the coalitions inside it."""

    mask: Ints
    players: int
    journeys: NDArray[np.number]
    won: Floats


def sampled_values(game: Game, *, pairs: int = PAIRS) -> tuple[Floats, Floats]:
    """float64[2, players], twice: each player's mean gain on joining, and the standard error of that mean, taken over
    the pairs of an order and its reverse."""
    random = np.random.default_rng(SEED)
    holders = [np.flatnonzero(game.mask >> player & 1) for player in range(game.players)]
    total, squares = np.zeros((2, game.players)), np.zeros((2, game.players))
    for _ in range(pairs):
        order = random.permutation(game.players)
        gain = (_gains(game, holders, order) + _gains(game, holders, order[::-1])) / 2
        total += gain
        squares += gain**2
    mean = total / pairs
    variance = np.maximum(squares / pairs - mean**2, 0.0) * pairs / (pairs - 1)
    return mean, np.sqrt(variance / pairs)


def _gains(game: Game, holders: list[Ints], order: Ints) -> Floats:
    """float64[2, players]: what each player adds on joining in this order."""
    complete = np.zeros(len(game.mask), np.int64)
    for place, player in enumerate(order.tolist()):
        complete[holders[player]] = place  # the last of its players to join completes a coalition
    journeys = np.cumsum(np.bincount(complete, game.journeys, game.players))
    gains = np.empty((2, game.players))
    for row, won in enumerate(game.won):
        gained = np.cumsum(np.bincount(complete, won, game.players))
        worth = np.divide(gained, journeys, out=np.zeros_like(gained), where=journeys > 0)
        gains[row, order] = np.diff(worth, prepend=0.0)
    return gains
