"""How journeys ended, added up by a key of each journey."""

import numpy as np
from numpy.typing import NDArray

from core.attribution.journeys import Paths
from core.attribution.sums import Places, Sums


def count_ends(key: NDArray[np.integer], paths: Paths) -> Sums:
    """Conversions and nulls (counts) and summed value (amount) by `key`, whole numbers[j]."""
    places = Places.of(key)
    if not paths.once:
        counts = [places.count(paths.conversions), places.count(paths.nulls)]
        return places.sums(counts, [places.amount(paths.value)])
    sold = Places(places.key, places.index.take(paths.converted))
    conversions = sold.times()
    return places.sums([conversions, places.times() - conversions], [sold.amount(paths.value.take(paths.converted))])


def count_nulls(key: NDArray[np.integer]) -> Sums:
    """The same of journeys that led to no order."""
    places = Places.of(key)
    nulls = places.times()
    return places.sums([np.zeros_like(nulls), nulls], [np.zeros(len(nulls))])
