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
from core.attribution.journeys import Floats, Ints, Paths
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sums import Sums, dense_sums


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
        state, chain, rewards = fitted_chain(sums, order=self.order, channels=channels)
        holders = [np.flatnonzero(rows) for rows in _members(state, channels=channels, order=self.order)]
        effects = chain.removal_effects(rewards, removed=holders)
        return ChannelEffects(
            conversions=_shares(effects[:, 0]),
            value=_shares(effects[:, 1]),
            met=np.array([bool(len(rows)) for rows in holders]),
            details={"removal_effect": effects[:, 0], "removal_effect_value": effects[:, 1]},
        )


def fitted_chain(sums: Mapping[str, Sums], *, order: int, channels: int) -> tuple[Ints, AbsorbingChain, Floats]:
    """The states, ascending, the chain between them, and float64[states, 2]: conversions and value that ended in each.

    The counts may be deeper than the order: a gram then stands for what its last order + 1 channels say."""
    base = channels + 1
    size = base**order
    gram, place = np.unique(sums["grams"].key % (size * base), return_inverse=True)
    times, ends = dense_sums(place, sums["grams"].counts[0]), sums["ends"]
    target, source = gram % size, gram // base % size
    moved = (gram >= size) & (source != target)
    begun = (gram < size) & (target >= size // base)
    end = ends.key % size
    short = end < size // base
    state = np.unique(np.concatenate([source[moved], target[moved], target[begun], end]))
    count = len(state)

    def at(keys: Ints, amount: NDArray[np.number]) -> Floats:
        return dense_sums(np.searchsorted(state, keys), amount, size=count)

    ended = ends.counts.sum(axis=0)
    chain = AbsorbingChain(
        start=at(target[begun], times[begun]) + at(end[short], ended[short]),
        source=np.searchsorted(state, source[moved]),
        target=np.searchsorted(state, target[moved]),
        times=times[moved],
        ends=at(end, ended),
    )
    return state, chain, np.stack([at(end, ends.counts[0]), at(end, ends.amounts[0])], axis=1)


def _members(state: Ints, *, channels: int, order: int) -> NDArray[np.bool_]:
    """bool[channels, states]: whether a state's gram holds a channel."""
    base = channels + 1
    digits = np.stack([state // base**place % base for place in range(order)])
    return np.stack([(digits == channel + 1).any(axis=0) for channel in range(channels)])


def _shares(effects: Floats) -> Floats:
    total = effects.sum()
    return effects / total if total > 0 else np.zeros_like(effects)
