"""Passwords: argon2id at OWASP's least cost, what may be one, and a cap on how many are hashed at once."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import FieldError, Unavailable

SHORTEST = 10
LONGEST = 200
# A hash takes 19 MB: without a cap, a flood of logins would take the memory of everything else.
AT_ONCE = 4
WAIT_SECONDS = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1, type=Type.ID)
_places = threading.BoundedSemaphore(AT_ONCE)
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
_COMMON_WORDS = """
password passw0rd p@ssw0rd p@ssword letmein welcome admin administrator iloveyou woaini woaini1314 5201314 1314520
dragon monkey sunshine princess football baseball superman batman trustno1 master shadow siyu changeme secret
qwerty qwertyuiop qweasdzxc 1q2w3e4r5t 1qaz2wsx3edc zaq12wsx q1w2e3r4t5 qazwsxedc asdfghjkl zxcvbnm a1b2c3d4e5
abcd1234 abc123 aa123456 admin123 password123 welcome123 iloveyou1 qwerty123 wang1234 zhang1234 li123456
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def hash_password(password: str) -> str:
    """The argon2id string to store.

    Raises:
        Unavailable: too many logins at this moment.
    """
    with _place():
        return _hasher.hash(_normal(password))


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; with nothing stored it takes the same time and says no.

    Raises:
        Unavailable: too many logins at this moment.
    """
    with _place():
        try:
            return _hasher.verify(stored or _nobody(), _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def wants_rehash(stored: str) -> bool:
    """Whether the stored string was made at another cost than today's."""
    return _hasher.check_needs_rehash(stored)


def faults_of(password: str, *, about: tuple[str, ...] = (), path: str = "password") -> list[FieldError]:
    """Why this cannot be a password; `about` are words an attacker would try first (e-mail, name)."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return [FieldError(path, "too_short", f"Use at least {SHORTEST} characters. / 至少 {SHORTEST} 个字符。")]
    if len(plain) > LONGEST:
        return [FieldError(path, "too_long", f"Use at most {LONGEST} characters. / 最多 {LONGEST} 个字符。")]
    if _is_easy(plain.lower(), about):
        return [
            FieldError(
                path,
                "too_easy",
                "This is among the first that would be guessed; use another. / 太容易被猜到，请换一个。",
            )
        ]
    return []


def _is_easy(plain: str, about: tuple[str, ...]) -> bool:
    core = plain.strip("0123456789!@#$%.*_- ")
    if len(set(plain)) < 5 or plain in _COMMON or core in _COMMON:
        return True
    if any(plain in run + run or plain in (run + run)[::-1] for run in _RUNS):
        return True
    words = {part for word in about for part in (word.lower(), word.lower().partition("@")[0]) if len(part) >= 3}
    return core in words or plain in words


def _normal(password: str) -> str:
    # One password has many Unicode spellings; keyboards differ in which they send.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Unavailable("Many people are signing in; try again in a moment.", retry_after=5)
    try:
        yield
    finally:
        _places.release()
