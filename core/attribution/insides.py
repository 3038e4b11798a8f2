"""What a channel model was solved from, small enough to keep with a run and to be looked at: the steps of a Markov
chain, the coalitions of a Shapley game."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.attribution.markov import Markov, fitted_chain
from core.attribution.model_kinds import AnyModel
from core.attribution.shapley import Shapley
from core.attribution.sums import Sums
from core.attribution.tally import Tally

MOST_STEPS, MOST_COALITIONS = 400, 100
START, CONVERSION, NULL = -1, -2, -3
"""Stand for a state in the steps of a chain."""


def inside_of(model: AnyModel | None, tally: Tally, *, channels: int) -> dict[str, Any]:
    """As JSON, by the model's kind; empty for models that have nothing of the sort."""
    if not tally.sums:
        return {}
    if isinstance(model, Markov):
        return chain_of(tally.sums, order=model.order, channels=channels)
    if isinstance(model, Shapley):
        return coalitions_of(tally.sums["coalitions"], channels=channels)
    return {}


def chain_of(sums: Mapping[str, Sums], *, order: int, channels: int) -> dict[str, Any]:
    """states: each a list of channels, the earliest first; steps: [from, to, times, chance] between places among the
    states, START, CONVERSION and NULL, the most frequent first; left_out: times that the steps left out happened."""
    state, chain, rewards = fitted_chain(sums, order=order, channels=channels)
    place = np.arange(len(state))
    leaving = np.bincount(chain.source, chain.times, len(state)) + chain.ends
    source = np.concatenate([np.full(len(state), START), chain.source, place, place])
    target = np.concatenate([place, chain.target, np.full(len(state), CONVERSION), np.full(len(state), NULL)])
    times = np.concatenate([chain.start, chain.times, rewards[:, 0], chain.ends - rewards[:, 0]])
    whole = np.append(leaving, chain.start.sum())[source]  # the last place, -1, is START's
    kept = np.argsort(-times, kind="stable")[:MOST_STEPS]
    kept = kept[times[kept] > 0]
    chance = times[kept] / whole[kept]
    steps = zip(source[kept].tolist(), target[kept].tolist(), times[kept].tolist(), chance.tolist(), strict=True)
    return {
        "states": [_channels_of(one, order, channels + 1) for one in state.tolist()],
        "steps": [[one, other, round(count), share] for one, other, count, share in steps],
        "left_out": round(float(times.sum() - times[kept].sum())),
    }


def coalitions_of(sums: Sums, *, channels: int) -> dict[str, Any]:
    """coalitions: [channels, orders, journeys, value], those with most orders first, then most journeys; left_out: how
    many more there are."""
    orders, journeys = sums.counts[0], sums.counts.sum(axis=0)
    kept = np.lexsort((-journeys, -orders))[:MOST_COALITIONS]
    figures = zip(orders[kept].tolist(), journeys[kept].tolist(), sums.amounts[0, kept].tolist(), strict=True)
    masks = sums.key[kept].tolist()
    return {
        "coalitions": [[_members_of(mask, channels), *row] for mask, row in zip(masks, figures, strict=True)],
        "left_out": len(sums) - len(kept),
    }


def _channels_of(state: int, order: int, base: int) -> Sequence[int]:
    """A gram's channels; a short one has fewer than `order`."""
    digits = [state // base**place % base for place in reversed(range(order))]
    return [digit - 1 for digit in digits if digit]


def _members_of(mask: int, channels: int) -> list[int]:
    return [channel for channel in range(channels) if mask >> channel & 1]
