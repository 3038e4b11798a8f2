"""Parts in whole units that sum to what they are parts of."""

import numpy as np

from core.attribution.journeys import Floats, Ints


def to_whole_units(exact: Floats) -> Ints:
    """int64[n]: each rounded down or up so that they sum to the rounded sum; the largest fractions go up, the earlier
    of equals first. Source: the largest remainder method (Hamilton, 1792)."""
    parts: Ints = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:missing]] += 1
    return parts


def largest_remainder(weights: Floats, total: int) -> Ints:
    """int64[n]: whole parts of `total` in proportion to the weights, summing to it."""
    return to_whole_units(weights / weights.sum() * total)
