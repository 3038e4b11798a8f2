"""Shares of a total, by channel."""

import numpy as np

from core.attribution.journeys import Floats


def shares_of(effects: Floats) -> Floats:
    """float64[..., channels]: of the positive ones in their sum; all 0 where none is."""
    kept = np.maximum(effects, 0.0)
    total = kept.sum(axis=-1, keepdims=True)
    shares: Floats = np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)
    return shares
