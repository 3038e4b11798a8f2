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
from core.attribution.journeys import Floats, Ints, Journeys
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sums import Sums, count_keys, sum_keys
from core.errors import Invalid

MAX_ORDER = 4


@dataclass(frozen=True, slots=True)
class Markov:
    """States are k-grams of channels. A gram is written in base channels + 1 with digits channel + 1; a path shorter
    than k is one state with leading zeros. Steps are keyed by the (k + 1)-gram that holds both states."""

    name: str = "markov"
    order: int = 1
    version: str = "1"

    def count(self, journeys: Journeys, *, channels: int) -> Mapping[str, Sums]:
        """start, step, conversion, null: counts by state (step: by state and next channel); value: summed by state."""
        base = channels + 1
        if base ** (self.order + 1) >= 1 << 63:
            raise Invalid(f"{self.name} counts to {int(2 ** (63 / (self.order + 1))) - 1} channels, not {channels}")
        state = self._grams(journeys, base)
        start = state[journeys.starts[:-1] + np.minimum(self.order, journeys.lengths) - 1]
        end = state[journeys.starts[1:] - 1]
        times = journeys.conversions + journeys.nulls
        moves = np.flatnonzero(journeys.positions() >= self.order)
        moves = moves[state[moves] != state[moves - 1]]
        step = state[moves - 1] * base + journeys.channel[moves] + 1
        return {
            "start": count_keys(start, times),
            "step": count_keys(step, journeys.spread(times)[moves]),
            "conversion": count_keys(end, journeys.conversions),
            "null": count_keys(end, journeys.nulls),
            "value": sum_keys(end, journeys.value),
        }

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """Removal effects on conversions and on expected value, and the shares they give."""
        base = channels + 1
        source, next_channel = sums["step"].key // base, sums["step"].key % base
        target = (source * base + next_channel) % base**self.order
        ends = [sums[name].key for name in ("start", "conversion", "null")]
        state = np.unique(np.concatenate([source, target, *ends]))
        conversions = sums["conversion"].at(state)
        value = sums["value"].at(state)
        chain = AbsorbingChain(
            start=sums["start"].at(state),
            source=np.searchsorted(state, source),
            target=np.searchsorted(state, target),
            times=sums["step"].total.astype(np.float64),
            ends=conversions + sums["null"].at(state),
        )
        holders = [np.flatnonzero(rows) for rows in _members(state, channels=channels, order=self.order)]
        rewards = np.stack([conversions, value], axis=1)
        effects = chain.removal_effects(rewards, removed=holders)
        return ChannelEffects(
            conversions=_shares(effects[:, 0]),
            value=_shares(effects[:, 1]),
            details={"removal_effect": effects[:, 0], "removal_effect_value": effects[:, 1]},
        )

    def _grams(self, journeys: Journeys, base: int) -> Ints:
        """int64[m]: the last k channels up to each touch, within its journey."""
        digit = journeys.channel.astype(np.int64) + 1
        state = digit.copy()
        if self.order > 1:
            place = journeys.positions()
            for back in range(1, self.order):
                inside = np.flatnonzero(place >= back)
                state[inside] += digit[inside - back] * base**back
        return state


def _members(state: Ints, *, channels: int, order: int) -> NDArray[np.bool_]:
    """bool[channels, states]: whether a state's gram holds a channel."""
    base = channels + 1
    digits = np.stack([state // base**place % base for place in range(order)])
    return np.stack([(digits == channel + 1).any(axis=0) for channel in range(channels)])


def _shares(effects: Floats) -> Floats:
    total = effects.sum()
    return effects / total if total > 0 else np.zeros_like(effects)
