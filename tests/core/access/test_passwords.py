"""Password hashing, its rules and its cap."""

import argon2
import pytest

from core.access import passwords
from core.errors import Unavailable

GOOD = "tea at half past nine"


def test_hash_is_argon2id_at_agreed_cost() -> None:
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_right_password_is_accepted() -> None:
    stored = passwords.hash_password(GOOD)
    assert passwords.is_right(GOOD, stored)
    assert not passwords.is_right(GOOD + " ", stored)


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nothing_stored_matches_nothing(stored: str | None) -> None:
    assert not passwords.is_right("nobody has this password", stored)


def test_other_spelling_of_unicode_matches() -> None:
    stored = passwords.hash_password("Ａｂｃ 早上好 2026 ok")
    assert passwords.is_right("Abc 早上好 2026 ok", stored)


def test_cheaper_hash_wants_rehash() -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    assert passwords.wants_rehash(cheap)
    assert not passwords.wants_rehash(passwords.hash_password(GOOD))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("x" * 201, "too_long"),
        ("aaaaaaaaaaaa", "too_easy"),
        ("1234567890", "too_easy"),
        ("qwertyuiop", "too_easy"),
        ("Password123!", "too_easy"),
        ("woaini1314520", "too_easy"),
        ("lin.mei2026!!", "too_easy"),
    ],
)
def test_weak_password_is_named_so(password: str, code: str) -> None:
    assert [fault.code for fault in passwords.faults_of(password, about=("lin.mei@brand.example", "Lin Mei"))] == [code]


def test_long_phrase_is_taken() -> None:
    assert passwords.faults_of(GOOD, about=("lin.mei@brand.example",)) == []


def test_flood_of_hashes_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._places.acquire()
    try:
        with pytest.raises(Unavailable):
            passwords.hash_password(GOOD)
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._places.release()
    assert passwords.hash_password(GOOD)
