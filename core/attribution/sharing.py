"""Shares of touches, as models give them, turned into one figure a touch or added up by cell."""

import numpy as np

from core.attribution.journeys import Floats, Journeys
from core.attribution.sums import Places, dense_sums
from core.sdk.attribution import Shares


def per_touch(journeys: Journeys, shares: Floats | Shares) -> Floats:
    """float64[m]: the share of each touch."""
    if not isinstance(shares, Shares):
        return shares
    found = np.zeros(len(journeys.channel)) if shares.each is None else journeys.spread(shares.each)
    for touch, extra in shares.peaks:
        found[touch] += extra
    return found


def weighed(journeys: Journeys, shares: Floats | Shares) -> Floats | Shares:
    """The shares, times what each touch weighs, over their sum in each journey; as they are where nothing is said."""
    if journeys.weight is None:
        return shares
    raw = per_touch(journeys, shares) * journeys.weight
    total = journeys.sums(raw)
    weighted: Floats = raw / journeys.spread(total)
    return weighted


def add_up(journeys: Journeys, shares: Floats | Shares, *, places: Places) -> tuple[Floats, Floats]:
    """float64[k], twice: conversions and value by the touches' places."""
    times = None if journeys.once else journeys.conversions.astype(np.float64)
    if not isinstance(shares, Shares):
        by_count = shares if times is None else shares * journeys.spread(times)
        return places.amount(by_count), places.amount(shares * journeys.spread(journeys.value))
    size = len(places.key)
    conversions, value = np.zeros(size), np.zeros(size)
    if shares.each is not None:
        each = shares.each if times is None else shares.each * times
        conversions += places.amount(journeys.spread(each))
        value += places.amount(journeys.spread(shares.each * journeys.value))
    for touch, extra in shares.peaks:
        index = places.index.take(touch)
        if times is None and isinstance(extra, float):
            conversions += extra * np.bincount(index, minlength=size)
        else:
            by_count = np.full(len(touch), extra) if times is None else extra * times
            conversions += dense_sums(index, by_count, size=size)
        value += dense_sums(index, extra * journeys.value, size=size)
    return conversions, value
