"""Sealing and blind indexes: AES-256-GCM bound to the row it stands in, HMAC for look-ups, one key a tenant."""

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import SiyuError

VERSION = 1
KEY_BYTES = 32
_NONCE = 12
_HEADER = struct.Struct(">BI")  # version, key id


class BrokenSeal(SiyuError):
    """A sealed value does not open: it was moved, altered, or sealed under another key."""

    code = "broken_seal"


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, bound_to: str, key_id: int = 0) -> bytes:
    """`version | key id | nonce | ciphertext`, which opens only with the same key and the same `bound_to`."""
    return _seal(AESGCM(key), plain, bound_to, key_id)


def _seal(cipher: AESGCM, plain: bytes, bound_to: str, key_id: int = 0) -> bytes:
    nonce = os.urandom(_NONCE)
    header = _HEADER.pack(VERSION, key_id)
    return header + nonce + cipher.encrypt(nonce, plain, header + bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The plain bytes.

    Raises:
        BrokenSeal: wrong key, wrong place, or altered bytes.
    """
    header, nonce, body = sealed[: _HEADER.size], sealed[_HEADER.size : _HEADER.size + _NONCE], sealed[17:]
    try:
        return AESGCM(key).decrypt(nonce, body, header + bound_to.encode())
    except (InvalidTag, ValueError):
        raise BrokenSeal(f"What is sealed as {bound_to.split('|')[1:3]} does not open.") from None


def derive(key: bytes, purpose: str) -> bytes:
    """A key for one purpose, from which neither the first key nor its sisters can be found."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


@dataclass(frozen=True, repr=False)
class Vault:
    """What one tenant's rows are sealed and found with."""

    tenant_id: int
    data_key: bytes

    def seal(self, table: str, row: object, column: str, plain: bytes) -> bytes:
        """Seal a value so that it opens only in this tenant, table, row and column."""
        return _seal(self._cipher, plain, f"{self.tenant_id}|{table}|{row}|{column}")

    def unseal(self, table: str, row: object, column: str, sealed: bytes) -> bytes:
        """Open what `seal` made for the same place.

        Raises:
            BrokenSeal: it was sealed for another place or altered.
        """
        return unseal(self.data_key, sealed, f"{self.tenant_id}|{table}|{row}|{column}")

    def blind_index(self, kind: str, value: str) -> bytes:
        """32 bytes by which an equal value is found again inside this tenant, and in no other."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), hashlib.sha256)

    def derived(self, purpose: str) -> bytes:
        """A key of this tenant for one purpose, such as signing the codes of its cards."""
        return derive(self.data_key, purpose)

    @cached_property
    def _cipher(self) -> AESGCM:
        """Kept, because setting it up costs twice as much as sealing a short value."""
        return AESGCM(self.data_key)

    @cached_property
    def _index_key(self) -> bytes:
        return derive(self.data_key, "blind index")


def fingerprint(secret: str) -> bytes:
    """SHA-256 of a long random secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()
