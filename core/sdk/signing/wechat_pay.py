"""WeChat Pay: version 3 signs with RSA and seals with AES-GCM, version 2 signs with MD5 or HMAC-SHA256."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE_SECONDS = 300


def pay_authorization(
    method: str, path: str, body: bytes, *, merchant: str, serial: str, private_key: str, at: datetime, nonce: str
) -> str:
    """The value of the Authorization header of a call, version 3.

    `path` begins with / and holds the query; `private_key` is the merchant's, PEM. The nonce is fresh for every
    request. Raises ValueError for a key that is none.
    """
    key = open_private_key(private_key)
    second = str(int(at.timestamp()))
    text = "\n".join([method.upper(), path, second, nonce, ""]).encode() + body + b"\n"
    signature = base64.b64encode(key.sign(text, PKCS1v15(), SHA256())).decode()
    return (
        f'{SCHEME} mchid="{merchant}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{second}",serial_no="{serial}"'
    )


def is_from_wechat_pay(
    body: bytes, *, timestamp: str, nonce: str, signature: str, public_key: str, at: datetime
) -> bool:
    """Whether an answer or a notification, version 3, is genuine and fresh.

    Arguments are the headers Wechatpay-Timestamp, -Nonce and -Signature, the PEM of the public key (or platform
    certificate) that Wechatpay-Serial names, and when it was received. Raises ValueError for a key that is none.
    """
    key = open_public_key(public_key)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(at.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    text = f"{timestamp}\n{nonce}\n".encode("utf-8", "replace") + body + b"\n"
    try:
        key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def open_resource(ciphertext: str, *, nonce: str, associated_data: str, api_key: str) -> bytes:
    """The sealed `resource` of a notification, version 3, in clear. Raises ValueError when the key does not fit."""
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return AESGCM(api_key.encode()).decrypt(nonce.encode(), sealed, associated_data.encode())
    except (InvalidTag, binascii.Error, ValueError):
        raise ValueError("the resource cannot be opened with this API key") from None


def open_private_key(pem: str) -> RSAPrivateKey:
    """The merchant's key. Raises ValueError for a key that is none."""
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the merchant's key is not an RSA key")
    return key


def open_public_key(pem: str) -> RSAPublicKey:
    """The public key of WeChat Pay, or that of its platform certificate. Raises ValueError for a key that is none."""
    data = pem.encode()
    key = load_pem_x509_certificate(data).public_key() if b"BEGIN CERTIFICATE" in data else load_pem_public_key(data)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the platform's key is not an RSA key")
    return key


def sign_pay_v2(fields: Mapping[str, str], *, api_key: str, algorithm: Literal["MD5", "HMAC-SHA256"] = "MD5") -> str:
    """`sign` of version 2: sorted non-empty fields without `sign`, and the key."""
    pairs = [f"{name}={fields[name]}" for name in sorted(fields) if fields[name] and name != "sign"]
    text = "&".join([*pairs, f"key={api_key}"]).encode()
    if algorithm == "MD5":
        return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()
    return hmac.new(api_key.encode(), text, hashlib.sha256).hexdigest().upper()
