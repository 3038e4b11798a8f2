"""What counts as a burst is told from a batch's own past."""

import pytest

from core.placements.card_people import address_digest
from core.placements.card_rules import is_burst
from core.secrets import Vault, new_key


@pytest.mark.parametrize(
    ("recent", "before", "hours", "found"),
    [
        (10, 0, 24.0, True),
        (9, 0, 672.0, False),
        (500, 0, 2.0, False),
        (60, 4800, 480.0, False),
        (70, 4800, 480.0, True),
        (12, 240, 240.0, True),
        (10, 240, 240.0, False),
    ],
)
def test_bursts_are_told_from_the_past(recent: int, before: int, hours: float, found: bool) -> None:
    assert is_burst(recent, before, hours) is found


def test_one_household_is_one_address() -> None:
    vault = Vault(1, new_key())
    digest = {
        text: address_digest(vault, text) for text in ("10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "2001:db8::2")
    }
    assert digest["10.0.0.1"] == digest["::ffff:10.0.0.1"]
    assert digest["2001:db8::1"] == digest["2001:db8::2"] != digest["10.0.0.1"]
    assert address_digest(vault, "2001:db8:0:1::1") != digest["2001:db8::1"]
    assert address_digest(vault, "fe80::1%eth0") is not None
    assert address_digest(vault, "unix") is None
