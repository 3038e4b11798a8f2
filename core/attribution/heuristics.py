"""The seven rules of thumb: shares of the touches of a journey, summing to one in each.

Sources: the rules are the field's common ones (first and last click, linear, time decay, position or U, W); the exact
shares of short journeys are ours and stand in docs/attribution.md.
"""

import numpy as np

from core.attribution.journeys import Flags, Floats, Ints, Journeys, spans, starts_of
from core.sdk.attribution import Shares

STEPS_BACK = 4
"""So far back one looks step by step for a touch that is not direct; beyond, at all touches of the journey at once."""
LONGEST_KNOWN = 1_000
SHORTEST_HALF_LIFE = 0.001
"""Days: a minute and a half. Below that time decay says no more than the last touch does."""


def first(journeys: Journeys) -> Shares:
    """All to the first touch."""
    return Shares(peaks=((journeys.first, 1.0),))


def last(journeys: Journeys) -> Shares:
    """All to the last touch."""
    return Shares(peaks=((journeys.last, 1.0),))


def last_non_direct(journeys: Journeys, *, direct: int) -> Shares:
    """All to the last touch whose channel is not `direct`; to the last touch when all are."""
    if not len(journeys):
        return last(journeys)
    chosen = journeys.last.copy()
    row = np.flatnonzero(journeys.channel[chosen] == direct)
    touch = chosen[row]
    for _ in range(STEPS_BACK):
        earlier = touch > journeys.first[row]
        row, touch = row[earlier], touch[earlier] - 1
        met = journeys.channel[touch] != direct
        chosen[row[met]] = touch[met]
        row, touch = row[~met], touch[~met]
    if len(row):
        starts = starts_of(journeys.lengths[row])
        index = spans(journeys.first[row].astype(np.int64), starts)
        latest = np.maximum.reduceat(np.where(journeys.channel[index] != direct, index, -1), starts[:-1])
        chosen[row] = np.where(latest < 0, chosen[row], latest)
    return Shares(peaks=((chosen, 1.0),))


def linear(journeys: Journeys) -> Shares:
    """1 / n each."""
    return Shares(each=1.0 / journeys.lengths)


def time_decay(journeys: Journeys, *, half_life_us: int) -> Floats:
    """float64[m]: 2 ** (-age / half-life), normalised. Ages count from the youngest touch, which changes nothing in
    the shares and keeps very old journeys from vanishing."""
    age = journeys.spread(journeys.at.take(journeys.last))
    np.subtract(journeys.at, age, out=age)
    raw = age * (1.0 / half_life_us)
    return normalised(journeys, np.exp2(raw, out=raw))


def position(journeys: Journeys) -> Shares:
    """40 % first, 40 % last, 20 % over the middle; one touch 100 %, two 50 / 50."""
    each, peak = _by_length(journeys, shared=0.2, peak=0.4, peaks=2)
    return Shares(each=each, peaks=((journeys.first, peak), (journeys.last, peak)))


def w_shaped(journeys: Journeys) -> Shares:
    """30 % first, 30 % the touch at n // 2, 30 % last, 10 % over the rest; one touch 100 %, two 50 / 50, three a third
    each."""
    each, peak = _by_length(journeys, shared=0.1, peak=0.3, peaks=3)
    middle = journeys.first + journeys.lengths // 2
    return Shares(each=each, peaks=((journeys.first, peak), (middle, peak), (journeys.last, peak)))


def _by_length(journeys: Journeys, *, shared: float, peak: float, peaks: int) -> tuple[Floats, Floats]:
    """float64[j], twice: what each touch gets, and what `peaks` of them get on top, so that these have `peak` and the
    others the `shared` rest; where there are no others, all have the same. Most journeys are short: their figures are
    looked up."""
    longest = int(journeys.lengths.max()) if len(journeys) else 0
    if longest > LONGEST_KNOWN:
        return _by_touches(journeys.lengths, shared, peak, peaks)
    each, above = _by_touches(np.arange(longest + 1), shared, peak, peaks)
    return each.take(journeys.lengths), above.take(journeys.lengths)


def _by_touches(n: Ints, shared: float, peak: float, peaks: int) -> tuple[Floats, Floats]:
    each = np.where(n > peaks, shared / np.maximum(n - peaks, 1), 1 / np.maximum(n, 1))
    return each, np.where(n > peaks, peak - each, 0.0)


def normalised(journeys: Journeys, raw: Floats) -> Floats:
    """float64[m]: `raw` over its sum in each journey; equal shares where that sum is zero."""
    total = journeys.sums(raw)
    empty: Flags = total == 0
    if not empty.any():
        each = journeys.spread(1.0 / total)
        return np.multiply(raw, each, out=each)
    each = journeys.spread(1.0 / journeys.lengths)
    return np.where(journeys.spread(empty), each, raw / journeys.spread(np.where(empty, 1.0, total)))
