"""The form of an API key: `siyu_<id>_<secret>`. The id finds the row; of the secret only the SHA-256 is stored."""

import hmac
import re
import secrets
import string
from dataclasses import dataclass, field

from core.secrets import fingerprint

PREFIX = "siyu_"
ID_LENGTH = 12
SECRET_LENGTH = 43  # base62: 256 bits

_ALPHABET = string.digits + string.ascii_letters
_FORM = re.compile(rf"siyu_([0-9A-Za-z]{{{ID_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})", re.ASCII)


@dataclass(frozen=True)
class KeyText:
    """The two halves of a key as it was sent; the secret stays out of logs."""

    handle: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        return f"{PREFIX}{self.handle}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """What is stored of the secret."""
        return fingerprint(self.secret)


def mint() -> KeyText:
    """A new key, which is shown once."""
    return KeyText(handle=_random_text(ID_LENGTH), secret=_random_text(SECRET_LENGTH))


def parse(text: str) -> KeyText | None:
    """The halves of a well-formed key; None for anything else."""
    match = _FORM.fullmatch(text)
    return KeyText(handle=match[1], secret=match[2]) if match else None


def is_right(key: KeyText, stored_digest: bytes) -> bool:
    """Whether the secret is the one stored, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(key.digest, stored_digest)


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
