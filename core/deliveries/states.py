"""The life of a delivery, as ranks: receipts come twice, late and out of order, and only move it forward."""

PLANNED, INTENDED, ACCEPTED, DELIVERED = "planned", "intended", "accepted", "delivered"
FAILED, UNKNOWN, SKIPPED = "failed", "unknown", "skipped"

RANK = {PLANNED: 0, INTENDED: 1, UNKNOWN: 2, ACCEPTED: 3, FAILED: 4, DELIVERED: 4, SKIPPED: 9}
STATES = tuple(RANK)
LEFT_THE_HOUSE = (ACCEPTED, DELIVERED, UNKNOWN)
"""States in which the person got the message, or may have: they count against the cap."""


def moves(before: str, after: str) -> bool:
    """Whether a report of `after` moves a delivery that is `before`. Final states stay, equal ranks stay."""
    return RANK[after] > RANK[before]
