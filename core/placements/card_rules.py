"""When do scans and redemptions of cards look doubtful? Pure rules; what they find is shown, and stops nobody."""

from math import sqrt
from typing import Literal

SignKind = Literal[
    "early_scan",
    "void_scan",
    "many_devices",
    "used_by_others",
    "other_buyer",
    "device_many_cards",
    "address_many_cards",
    "burst",
    "refused",
]
SIGN_KINDS: tuple[SignKind, ...] = (
    "early_scan",
    "void_scan",
    "many_devices",
    "used_by_others",
    "other_buyer",
    "device_many_cards",
    "address_many_cards",
    "burst",
    "refused",
)

MANY_DEVICES = 5
"""Browsers that scanned one card: a family and a lost cookie make two or three."""
OTHER_DEVICES = 2
"""Other browsers that scanned a card after it was redeemed: one is often the redeemer's own second one."""
CARDS_A_DEVICE = 3
"""Cards that one browser redeemed within a day."""
CARDS_AN_ADDRESS = 20
"""Cards redeemed from one address within a day: an office or a mobile network may share one."""
DAY_HOURS = 24

LEAST_BURST = 10
BURST_FACTOR = 5.0
PAST_HOURS = 28 * 24


def is_burst(recent: int, before: int, hours: float) -> bool:
    """Whether `recent` redemptions of the last hour stand out from `before` in the `hours` ahead of it.

    The past says what an hour usually brings, (before + 1) / hours; an hour stands out with five times that and five
    standard deviations of a Poisson count more, and never below ten. A batch younger than a day has no past.
    """
    if hours < DAY_HOURS or recent < LEAST_BURST:
        return False
    usual = (before + 1) / hours
    return recent > BURST_FACTOR * usual + 5 * sqrt(usual)
