"""Serials of cards are derived, not stored."""

import uuid

from core.placements.serials import card_serial
from core.sdk.serials import read_serial

KEY, PLACEMENT = b"k" * 32, uuid.UUID(int=7)


def test_same_card_has_the_same_serial() -> None:
    assert card_serial(KEY, PLACEMENT, 1) == card_serial(KEY, PLACEMENT, 1)


def test_serials_differ_by_card_placement_and_key() -> None:
    serials = {card_serial(KEY, PLACEMENT, number) for number in range(500)}
    others = {card_serial(KEY, uuid.UUID(int=8), 1), card_serial(b"x" * 32, PLACEMENT, 1)}
    assert len(serials | others) == 502


def test_serials_pass_their_own_check_character() -> None:
    assert all(read_serial(serial) == serial for serial in (card_serial(KEY, PLACEMENT, n) for n in range(200)))
