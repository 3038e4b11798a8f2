"""The message crypto of WeCom and WeChat (official accounts, mini-programs, shops): signed, AES-256-CBC, one envelope.

The key is the console's EncodingAESKey of 43 characters. A message is 16 random bytes, its length, itself, and the
`receive_id` (corp id, suite id or app id), padded to blocks of 32 bytes as PKCS7 does.
"""

import base64
import binascii
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.sdk.signing.comparing import is_same

BLOCK = 32
RANDOM = 16
KEY_CHARACTERS = 43


def wechat_signature(token: str, *parts: str) -> str:
    """SHA-1 in hex over the token and the parts, sorted and joined.

    `signature` is made of timestamp and nonce, `msg_signature` of timestamp, nonce and the encrypted text.
    """
    text = "".join(sorted([token, *parts]))
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def is_from_wechat(signature: str, *parts: str, token: str) -> bool:
    """Whether `signature` (or `msg_signature`) fits its parts. An empty token vouches for nothing."""
    return bool(token) and is_same(signature.lower(), wechat_signature(token, *parts))


def decrypt_message(encrypted: str, *, aes_key: str, receive_id: str) -> bytes:
    """The message inside `Encrypt` or `echostr`, verified to be meant for `receive_id`.

    Check the signature first: the encryption alone does not notice a change. Raises ValueError for a key that is
    none, a text that was not encrypted with it, or one meant for somebody else; which of them is not told.
    """
    key = read_aes_key(aes_key)
    try:
        sealed = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the message cannot be decrypted") from None
    if not sealed or len(sealed) % 16:
        raise ValueError("the message cannot be decrypted")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return _open_envelope(cipher.update(sealed) + cipher.finalize(), receive_id)


def encrypt_message(message: bytes, *, aes_key: str, receive_id: str, random16: bytes) -> str:
    """`message` as the text of `Encrypt`; `random16` are 16 bytes nobody can foresee. ValueError for a bad key."""
    if len(random16) != RANDOM:
        raise ValueError("give 16 random bytes")
    key = read_aes_key(aes_key)
    plain = random16 + struct.pack(">I", len(message)) + message + receive_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([padding]) * padding) + cipher.finalize()).decode()


def read_aes_key(aes_key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey. Raises ValueError for anything else."""
    try:
        key = base64.b64decode(aes_key + "=", validate=True) if len(aes_key) == KEY_CHARACTERS else b""
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != BLOCK:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key


def _open_envelope(plain: bytes, receive_id: str) -> bytes:
    """The message of an envelope. All of the padding is looked at, and one error stands for all that may be wrong."""
    padding = plain[-1]
    is_padded = 1 <= padding <= BLOCK and plain.endswith(bytes([padding]) * padding)
    inner = plain[: len(plain) - padding] if is_padded else b""
    if len(inner) < RANDOM + 4:
        raise ValueError("the message cannot be decrypted")
    (length,) = struct.unpack(">I", inner[RANDOM : RANDOM + 4])
    body, owner = inner[RANDOM + 4 : RANDOM + 4 + length], inner[RANDOM + 4 + length :]
    if len(body) != length or owner != receive_id.encode():
        raise ValueError("the message cannot be decrypted")
    return body
