"""Money and its ratios as exact text."""

from decimal import Decimal

from core.tenants.currencies import MINOR_DIGITS


def show_average(minor: float | None, currency: str) -> str | None:
    """Fractions of minor units as major ones with two more decimals than the currency has."""
    if minor is None:
        return None
    digits = MINOR_DIGITS[currency]
    return f"{Decimal(minor).scaleb(-digits):.{digits + 2}f}"
