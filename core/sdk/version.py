"""The contract's own semantic version: a plugin says which one it was written for."""

from collections.abc import Mapping

SDK_VERSION = "1.1.0"
"""Major: a plugin must change. Minor: something was added. Patch: a text or a mistake."""

CAME_WITH: Mapping[str, str] = dict.fromkeys(
    ("fetch", "measure", "start_show", "payee", "cancel", "join_codes", "drop_codes"), "1.1"
)
"""The verbs that 1.0 had not: whoever answers one asks for the contract that brought it."""


def accepts_sdk(wanted: str, *, offered: str = SDK_VERSION) -> bool:
    """Whether a plugin written for sdk `wanted` ("1.0" or "1.0.2") runs on `offered`.

    The major numbers must be equal and the wanted minor number not above the offered one. Anything that is
    not two or three dot-separated numbers answers False.
    """
    parts = wanted.split(".")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() for part in parts):
        return False
    major, minor = (int(part) for part in offered.split(".")[:2])
    return int(parts[0]) == major and int(parts[1]) <= minor
