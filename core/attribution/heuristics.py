"""The seven rules of thumb: weights over the touches of a journey, summing to one in each.

Sources: the rules are the field's common ones (first and last click, linear, time decay, position or U, W); the exact
shares of short journeys are ours and stand in docs/attribution.md.
"""

import numpy as np

from core.attribution.journeys import Flags, Floats, Journeys


def first(journeys: Journeys) -> Floats:
    """float64[m]: all to the first touch."""
    return _one_hot(journeys, journeys.starts[:-1])


def last(journeys: Journeys) -> Floats:
    """float64[m]: all to the last touch."""
    return _one_hot(journeys, journeys.starts[1:] - 1)


def last_non_direct(journeys: Journeys, *, direct: int) -> Floats:
    """float64[m]: all to the last touch whose channel is not `direct`; to the last touch when all are."""
    index = np.arange(len(journeys.channel), dtype=np.int64)
    candidate = np.where(journeys.channel != direct, index, -1)
    chosen = np.maximum.reduceat(candidate, journeys.starts[:-1]) if len(journeys) else candidate
    return _one_hot(journeys, np.where(chosen < 0, journeys.starts[1:] - 1, chosen))


def linear(journeys: Journeys) -> Floats:
    """float64[m]: 1 / n each."""
    return np.repeat(1.0 / journeys.lengths, journeys.lengths)


def time_decay(journeys: Journeys, *, half_life_us: int) -> Floats:
    """float64[m]: 2 ** (-age / half-life), normalised. Ages count from the youngest touch, which changes nothing in
    the shares and keeps very old journeys from vanishing."""
    if not len(journeys):
        return np.empty(0)
    youngest = np.repeat(journeys.at[journeys.starts[1:] - 1], journeys.lengths)
    raw = np.exp2((journeys.at - youngest) / half_life_us)
    return normalised(journeys, raw)


def position(journeys: Journeys) -> Floats:
    """float64[m]: 40 % first, 40 % last, 20 % over the middle; one touch 100 %, two 50 / 50."""
    n = journeys.lengths
    middle = np.where(n > 2, 0.2 / np.maximum(n - 2, 1), 0.0)
    weights = np.repeat(middle, n)
    ends = np.where(n > 2, 0.4, 0.5)
    weights[journeys.starts[:-1]] = ends
    weights[journeys.starts[1:] - 1] = ends
    weights[journeys.starts[:-1][n == 1]] = 1.0
    return weights


def w_shaped(journeys: Journeys) -> Floats:
    """float64[m]: 30 % first, 30 % the touch at n // 2, 30 % last, 10 % over the rest; one touch 100 %, two 50 / 50,
    three a third each."""
    n = journeys.lengths
    start = journeys.starts[:-1]
    weights = np.repeat(np.where(n > 3, 0.1 / np.maximum(n - 3, 1), 0.0), n)
    peaks = np.select([n == 1, n == 2, n == 3], [1.0, 0.5, 1 / 3], 0.3)
    weights[start] = peaks
    weights[start + n // 2] = peaks
    weights[journeys.starts[1:] - 1] = peaks
    return weights


def normalised(journeys: Journeys, raw: Floats) -> Floats:
    """float64[m]: `raw` over its sum in each journey; equal shares where that sum is zero."""
    if not len(journeys):
        return raw
    total = np.repeat(np.add.reduceat(raw, journeys.starts[:-1]), journeys.lengths)
    empty: Flags = total == 0
    return np.where(empty, linear(journeys), raw / np.where(empty, 1.0, total))


def _one_hot(journeys: Journeys, chosen: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
    weights = np.zeros(len(journeys.channel))
    weights[chosen] = 1.0
    return weights
