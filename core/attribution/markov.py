"""Markov chains of order k over channels: exact removal effects from the absorbing chain, no simulation.

Source: E. Anderl, I. Becker, F. von Wangenheim, J. H. Schumann, "Mapping the customer journey: lessons learned from
graph-based online attribution modeling", International Journal of Research in Marketing 33 (2016); the algebra of
absorbing chains is Kemeny and Snell's (1960): N = (I - Q)^-1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.absorbing import AbsorbingChain
from core.attribution.grams import Grams
from core.attribution.groups import LeftSums
from core.attribution.journeys import Floats, Ints, Paths
from core.attribution.model_kinds import ChannelEffects
from core.attribution.shares import shares_of
from core.attribution.sums import Sums, sums_along


@dataclass(frozen=True, slots=True)
class Markov:
    """States are grams of `order` channels; a path shorter than that is one state with leading zeros. Consecutive equal
    states are one."""

    name: str = "markov"
    order: int = 1
    version: str = "1"

    @property
    def counter(self) -> Grams:
        """As ChannelModel asks."""
        return Grams(self.order)

    def count(self, paths: Paths, *, channels: int) -> Mapping[str, Sums]:
        """As a plugin's ChannelModel; the engine asks the counter, which models may share."""
        return self.counter.count(paths, channels=channels)

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """Removal effects on conversions and on expected value, and the shares they give."""
        holders, effects = self._removed(sums, channels)
        return ChannelEffects(
            conversions=shares_of(effects[:, 0]),
            value=shares_of(effects[:, 1]),
            met=np.array([bool(len(rows)) for rows in holders]),
            details={"removal_effect": effects[:, 0], "removal_effect_value": effects[:, 1]},
        )

    def solve_left(self, left: Mapping[str, LeftSums], *, channels: int) -> tuple[Floats, Floats]:
        """As ChannelModel asks: all chains at once, since they have the same states."""
        _, effects = self._removed(left, channels)
        return shares_of(effects[..., 0]), shares_of(effects[..., 1])

    def _removed(self, sums: Mapping[str, Sums] | Mapping[str, LeftSums], channels: int) -> tuple[list[Ints], Floats]:
        """The states that hold each channel, and float64[..., channels, 2]: the removal effects."""
        state, chain, rewards = fitted_chain(sums, order=self.order, channels=channels)
        holders = [np.flatnonzero(rows) for rows in _members(state, channels=channels, order=self.order)]
        return holders, chain.removal_effects(rewards, removed=holders)


def fitted_chain(
    sums: Mapping[str, Sums] | Mapping[str, LeftSums], *, order: int, channels: int
) -> tuple[Ints, AbsorbingChain, Floats]:
    """The states, ascending, the chain between them, and float64[states, 2]: conversions and value that ended in each;
    chains, and one more axis before, for sums that are left without each group.

    The counts may be deeper than the order: a gram then stands for what its last order + 1 channels say."""
    base = channels + 1
    size = base**order
    gram, place = np.unique(sums["grams"].key % (size * base), return_inverse=True)
    times, ends = sums_along(place, sums["grams"].counts[..., 0, :], size=len(gram)), sums["ends"]
    target, source = gram % size, gram // base % size
    moved = (gram >= size) & (source != target)
    begun = (gram < size) & (target >= size // base)
    end = ends.key % size
    short = end < size // base
    state = np.unique(np.concatenate([source[moved], target[moved], target[begun], end]))
    count = len(state)

    def at(keys: Ints, amount: NDArray[np.number]) -> Floats:
        return sums_along(np.searchsorted(state, keys), amount, size=count)

    ended = ends.counts.sum(axis=-2)
    chain = AbsorbingChain(
        start=at(target[begun], times[..., begun]) + at(end[short], ended[..., short]),
        source=np.searchsorted(state, source[moved]),
        target=np.searchsorted(state, target[moved]),
        times=times[..., moved],
        ends=at(end, ended),
    )
    return state, chain, np.stack([at(end, ends.counts[..., 0, :]), at(end, ends.amounts[..., 0, :])], axis=-1)


def _members(state: Ints, *, channels: int, order: int) -> NDArray[np.bool_]:
    """bool[channels, states]: whether a state's gram holds a channel."""
    base = channels + 1
    digits = np.stack([state // base**place % base for place in range(order)])
    return np.stack([(digits == channel + 1).any(axis=0) for channel in range(channels)])
