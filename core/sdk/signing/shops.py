"""MD5 signatures of Chinese shop platforms: Youzan's push, Xiaohongshu's Ark."""

import hashlib
from collections.abc import Mapping

from core.sdk.signing.comparing import is_same


def is_from_youzan(message: str, signature: str, *, client_id: str, client_secret: str) -> bool:
    """`sign` of a push: MD5 of client id, message and secret. `message` is `msg` as received, still encoded."""
    return bool(client_secret) and is_same(signature.lower(), _md5(client_id + message + client_secret))


def sign_ark(method: str, *, app_id: str, timestamp: int, secret: str, version: str = "2.0") -> str:
    """`sign` of a call to Xiaohongshu's Ark, version 3."""
    return _md5(f"{method}?appId={app_id}&timestamp={timestamp}&version={version}{secret}")


def sign_ark_v1(path: str, query: Mapping[str, str], *, secret: str) -> str:
    """The signature of Ark's legacy version 1: path, sorted query and secret."""
    return _md5(f"{path}?{'&'.join(f'{name}={query[name]}' for name in sorted(query))}{secret}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
