"""The form of API keys: minted, parsed, compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import key_format
from core.logs import mask


def test_minted_key_parses_back() -> None:
    key = key_format.mint()
    assert key_format.parse(str(key)) == key


def test_right_secret_matches_its_digest() -> None:
    key = key_format.mint()
    assert key_format.is_right(key, key.digest)
    assert not key_format.is_right(key_format.mint(), key.digest)


def test_keys_never_repeat() -> None:
    assert len({str(key_format.mint()) for _ in range(200)}) == 200


@pytest.mark.parametrize("change", ["{}x", "x{}", " {}", "{}\n", "{}\0", "{}é"])
def test_altered_key_does_not_parse(change: str) -> None:
    assert key_format.parse(change.format(key_format.mint())) is None


@given(st.text(max_size=100))
def test_arbitrary_text_is_no_key(text: str) -> None:
    assert key_format.parse(text) is None


def test_secret_stays_out_of_logs() -> None:
    key = key_format.mint()
    assert key.secret not in repr(key)
    assert key.secret not in mask(f"sent {key} by mistake")
