"""The interval of one credit."""

from core.attribution.jackknife import half_width


def interval_of(total: float, error: float, *, groups: int) -> tuple[float, float]:
    """Low and high end of the 95 % interval. Credits are never below zero, so the interval is not either. groups: that
    the error is made of."""
    half = half_width(error, groups=groups)
    return max(0.0, total - half), total + half
