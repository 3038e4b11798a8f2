"""The life of a payout, as ranks: what a vendor tells comes twice, late and out of order, and only moves it forward."""

HELD, EARNED, INTENDED, UNKNOWN, WAITING = "held", "earned", "intended", "unknown", "waiting"
FAILED, CANCELLED, SUCCEEDED = "failed", "cancelled", "succeeded"

RANK = {HELD: 0, EARNED: 0, INTENDED: 1, UNKNOWN: 2, WAITING: 3, FAILED: 4, CANCELLED: 4, SUCCEEDED: 4}
STATES = tuple(RANK)
OPEN = (INTENDED, UNKNOWN, WAITING)
"""The vendor has it, or may have it: it is asked about."""

COUNTED = (EARNED, INTENDED, UNKNOWN, WAITING, SUCCEEDED)
"""Spent, or may yet be: counted against budgets and limits. What surely was not paid gives its money back."""

BY_HAND = "by_hand"
"""The reason of a payout that an operator has closed."""

VENDOR_STATES = {"accepted": WAITING, "delivered": SUCCEEDED, "failed": FAILED}
TAKEN_BACK = "CANCELLED"
"""The code of a receipt that says that nobody took the money and nobody will."""


def moves(before: str, after: str, *, reason: str | None = None) -> bool:
    """Whether a report of `after` moves a payout that is `before`. Final states stay, equal ranks stay.

    One that was closed by hand as failed (`reason`) yields to a vendor who says that it was paid.
    """
    if before == FAILED and reason == BY_HAND and after == SUCCEEDED:
        return True
    return RANK[after] > RANK[before]
