"""A signature that the operator chose vouches for the body, and nothing else does."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from core.sdk.signing.generic import Style, is_signed_by
from core.sdk.signing.standard_webhooks import sign_webhook

AT = datetime(2026, 11, 21, tzinfo=UTC)
BODY, SECRET = b'{"a":1}', "whsec_" + base64.b64encode(b"sixteen bytes or more").decode()


def mac(name: str, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), BODY, getattr(hashlib, name)).digest()


GOOD: dict[Style, str] = {
    "hmac_sha256_hex": mac("sha256").hex(),
    "hmac_sha1_hex": "sha1=" + mac("sha1").hex().upper(),
    "hmac_sha512_hex": "sha512=" + mac("sha512").hex(),
    "hmac_sha256_base64": base64.b64encode(mac("sha256")).decode(),
    "header_token": f"Bearer {SECRET}",
}


def says(style: Style, given: str, *, secret: str = SECRET, body: bytes = BODY) -> bool:
    return is_signed_by(body, {"x-signature": given}, style=style, header="X-Signature", secret=secret, at=AT)


@pytest.mark.parametrize("style", GOOD)
def test_chosen_signature_vouches(style: Style) -> None:
    assert says(style, GOOD[style])
    assert not says(style, GOOD[style], secret="")
    assert not says(style, GOOD[style], secret="other")
    assert not says(style, "")
    assert not says(style, "签\ud800")
    assert style == "header_token" or not says(style, GOOD[style], body=b'{"a":2}')


def test_standard_webhooks_vouch() -> None:
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(AT.timestamp()))}
    headers["webhook-signature"] = sign_webhook(SECRET, message_id="m1", at=AT, body=BODY)
    for secret, is_good in ((SECRET, True), ("whsec_!", False), ("", False)):
        assert is_signed_by(BODY, headers, style="standard_webhooks", header="X", secret=secret, at=AT) is is_good
