"""The message crypto of WeCom and WeChat agrees with the vendor's published examples, and stands forgeries."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from core.sdk.signing.wechat_crypto import (
    decrypt_message,
    encrypt_message,
    is_from_wechat,
    read_aes_key,
    wechat_signature,
)

VECTORS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "signing_vectors.json").read_text())
WECOM, PLAIN, REPLY = (
    VECTORS[f"{name}"] for name in ("wecom.decrypt_xml", "weixin.url_verify_plain", "weixin.reply_aes_encrypt")
)
KEY = WECOM["input"]["encoding_aes_key"]


def test_wecom_example_is_read() -> None:
    given, expected = WECOM["input"], WECOM["expected"]
    parts = (given["timestamp"], given["nonce"], given["encrypt"])
    assert is_from_wechat(expected["msg_signature"], *parts, token=given["token"])
    message = decrypt_message(given["encrypt"], aes_key=KEY, receive_id=given["receive_id"])
    assert message.decode() == expected["plaintext"]


def test_wecom_example_is_written() -> None:
    given, expected = WECOM["input"], WECOM["expected"]
    written = encrypt_message(
        expected["plaintext"].encode(),
        aes_key=KEY,
        receive_id=given["receive_id"],
        random16=expected["random16"].encode(),
    )
    assert written == given["encrypt"]


def test_plain_signature_agrees_with_example() -> None:
    given = PLAIN["input"]
    signature = wechat_signature(given["token"], given["timestamp"], given["nonce"])
    assert signature == PLAIN["expected"]["signature"]


def test_channels_reply_agrees_with_example() -> None:
    given, expected = REPLY["input"], REPLY["expected"]
    encrypted = encrypt_message(
        given["plaintext"].encode(),
        aes_key=given["encoding_aes_key"],
        receive_id=given["receive_id"],
        random16=given["random16"].encode(),
    )
    assert encrypted == expected["encrypt"]
    assert wechat_signature(given["token"], given["timestamp"], given["nonce"], encrypted) == expected["msg_signature"]
    opened = decrypt_message(encrypted, aes_key=given["encoding_aes_key"], receive_id=given["receive_id"])
    assert opened.decode() == given["plaintext"]


@given(st.binary(max_size=200), st.text(alphabet="abcw0123456789", max_size=20))
def test_what_is_sealed_comes_out(message: bytes, receive_id: str) -> None:
    sealed = encrypt_message(message, aes_key=KEY, receive_id=receive_id, random16=b"r" * 16)
    assert decrypt_message(sealed, aes_key=KEY, receive_id=receive_id) == message


@given(st.text(max_size=120))
def test_garbage_is_no_message(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be decrypted"):
        decrypt_message(text, aes_key=KEY, receive_id="ww0")


@given(st.binary(min_size=1, max_size=80))
def test_encrypted_garbage_is_no_crash(plain: bytes) -> None:
    key = read_aes_key(KEY)
    padded = plain + b"\x00" * (-len(plain) % 16)
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()
    with pytest.raises(ValueError, match="cannot be decrypted"):
        decrypt_message(sealed, aes_key=KEY, receive_id="ww0")


def test_message_for_another_is_refused() -> None:
    sealed = encrypt_message(b"hello", aes_key=KEY, receive_id="ww0", random16=b"r" * 16)
    for other in ("ww1", "ww", "", "ww00"):
        with pytest.raises(ValueError, match="cannot be decrypted"):
            decrypt_message(sealed, aes_key=KEY, receive_id=other)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", "签" * 43, "?" * 43])
def test_bad_keys_are_named(key: str) -> None:
    with pytest.raises(ValueError, match="43 letters"):
        read_aes_key(key)


def test_empty_token_vouches_for_nothing() -> None:
    assert not is_from_wechat(wechat_signature("", "1", "2"), "1", "2", token="")
    assert is_from_wechat(wechat_signature("t", "1", "2").upper(), "2", "1", token="t")
    assert not is_from_wechat("", "1", "2", token="t")
