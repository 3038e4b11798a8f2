"""A serial has enough chance in it, can be typed, and a slip is noticed before the database is asked."""

import random

import pytest

from core.sdk import new_serial, printed_serial, read_serial
from core.sdk.serials import ALPHABET, LENGTH

SEEDED = random.Random(7)
SERIALS = [new_serial(SEEDED.getrandbits) for _ in range(300)]


def test_serials_differ_and_read_back() -> None:
    assert len(set(SERIALS)) == 300
    assert all(len(serial) == LENGTH and read_serial(serial) == serial for serial in SERIALS)


def test_only_letters_and_digits_are_printed() -> None:
    assert set("".join(SERIALS)) == set(ALPHABET)


def test_eighty_random_bits_are_asked_for() -> None:
    asked: list[int] = []
    new_serial(lambda bits: asked.append(bits) or 0)  # type: ignore[func-returns-value]  # append answers None
    assert asked == [85]


def test_printed_form_has_groups() -> None:
    assert printed_serial("ABCDEF012345ABCDEF") == "ABCDEF-012345-ABCDEF"


@pytest.mark.parametrize("serial", SERIALS[:40])
def test_typing_habits_are_forgiven(serial: str) -> None:
    typed = printed_serial(serial).lower().replace("1", "l").replace("0", "o").replace("-", " ")
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in serial)
    assert read_serial(typed) == serial
    assert read_serial(wide) == serial


@pytest.mark.parametrize("serial", SERIALS[:20])
def test_every_wrong_character_is_noticed(serial: str) -> None:
    for place in range(LENGTH):
        for char in ALPHABET.replace(serial[place], ""):
            assert read_serial(serial[:place] + char + serial[place + 1 :]) is None


@pytest.mark.parametrize("serial", SERIALS[:100])
def test_every_swap_of_neighbours_is_noticed(serial: str) -> None:
    for place in range(LENGTH - 1):
        swapped = serial[:place] + serial[place + 1] + serial[place] + serial[place + 2 :]
        assert swapped == serial or read_serial(swapped) is None


@pytest.mark.parametrize("text", ["", "ABC", "U" * 18, "甲" * 18, "0" * 17, "0" * 19, "1" * 5000])
def test_other_texts_are_no_serials(text: str) -> None:
    assert read_serial(text) is None


@pytest.mark.parametrize("published", ["16JD", "FVCKH"])
def test_published_check_characters_fit(published: str) -> None:
    serial = published.rjust(18, "0")
    assert read_serial(serial) == serial
    assert read_serial(serial[:-1] + ("A" if serial[-1] != "A" else "B")) is None
