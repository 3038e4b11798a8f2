"""The text of tracked links."""

from hypothesis import given
from hypothesis import strategies as st

from core.placements.codes import (
    BASE62,
    MOST_DELIVERIES,
    new_link_code,
    recipient_number,
    recipient_part,
    split_code,
)

KEY = b"k" * 32
numbers = st.integers(0, MOST_DELIVERIES - 1)
links = st.text(BASE62, min_size=8, max_size=8)


@given(links, numbers)
def test_recipient_part_gives_its_number_back(link: str, number: int) -> None:
    part = recipient_part(KEY, link, number)
    assert recipient_number(KEY, link, part) == number
    assert split_code(link + part) == (link, part)


@given(links, st.sets(numbers, min_size=2, max_size=20))
def test_recipients_never_share_a_part(link: str, chosen: set[int]) -> None:
    assert len({recipient_part(KEY, link, number) for number in chosen}) == len(chosen)


def test_guessed_parts_are_almost_never_believed() -> None:
    guesses = [BASE62[i % 62] + BASE62[i // 62 % 62] + "aB3z" for i in range(3844)]
    believed = sum(recipient_number(KEY, "AAAAAAAA", guess) is not None for guess in guesses)
    assert believed < 30  # one in 512 is expected: 7.5


def test_part_means_nothing_behind_another_link() -> None:
    parts = [recipient_part(KEY, "AAAAAAAA", number) for number in range(2000)]
    assert sum(recipient_number(KEY, "AAAAAAAB", part) is not None for part in parts) < 20


def test_part_means_nothing_under_another_key() -> None:
    parts = [recipient_part(KEY, "AAAAAAAA", number) for number in range(2000)]
    assert sum(recipient_number(b"x" * 32, "AAAAAAAA", part) is not None for part in parts) < 20


def test_numbers_out_of_range_are_refused() -> None:
    for number in (-1, MOST_DELIVERIES):
        try:
            recipient_part(KEY, "AAAAAAAA", number)
        except ValueError:
            continue
        raise AssertionError(number)


@given(st.text(max_size=20))
def test_only_codes_are_taken_apart(text: str) -> None:
    parts = split_code(text)
    assert (parts is not None) == (len(text) in (8, 14) and set(text) <= set(BASE62))


def test_link_codes_are_eight_fresh_characters() -> None:
    codes = {new_link_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(split_code(code) == (code, "") for code in codes)
