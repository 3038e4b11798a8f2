"""Signatures that an operator chooses for a system of their own: the usual kinds, over the raw body."""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import SecretStr

from core.sdk.requests import Request
from core.sdk.signing.bodies import is_signed_body
from core.sdk.signing.comparing import is_same
from core.sdk.signing.standard_webhooks import is_standard_webhook

Style = Literal[
    "standard_webhooks", "hmac_sha256_hex", "hmac_sha256_base64", "hmac_sha1_hex", "hmac_sha512_hex", "header_token"
]
STYLE_WORDS = (
    ("standard_webhooks", "Standard Webhooks，带时间", "Standard Webhooks, with a time"),
    ("hmac_sha256_hex", "HMAC-SHA256，十六进制", "HMAC-SHA256, hex"),
    ("hmac_sha256_base64", "HMAC-SHA256，base64", "HMAC-SHA256, base64"),
    ("hmac_sha1_hex", "HMAC-SHA1，十六进制", "HMAC-SHA1, hex"),
    ("hmac_sha512_hex", "HMAC-SHA512，十六进制", "HMAC-SHA512, hex"),
    ("header_token", "请求头里就是密钥", "The header holds the secret itself"),
)
"""The styles as a form names them, for `Label(options=...)`."""
EitherStyle = Literal["standard_webhooks", "hmac_sha256"]
"""The short list: `hmac_sha256` is taken in hex or base64."""
EITHER_WORDS = (
    ("standard_webhooks", "Standard Webhooks，带时间", "Standard Webhooks, with a time"),
    ("hmac_sha256", "请求头里的 HMAC-SHA256", "HMAC-SHA256 in a header"),
)
"""Its styles as a form names them."""
_HASHES = {"hmac_sha256_hex": "sha256", "hmac_sha1_hex": "sha1", "hmac_sha512_hex": "sha512"}


def is_signed_request(request: Request, *, style: Style | EitherStyle, header: str, secret: SecretStr) -> bool:
    """`is_signed_by`, with a request as it was stored and a secret as it stands in settings."""
    return is_signed_by(
        request.body,
        request.headers,
        style=style,
        header=header,
        secret=secret.get_secret_value(),
        at=request.received_at,
    )


def is_signed_by(
    body: bytes, headers: Mapping[str, str], *, style: Style | EitherStyle, header: str, secret: str, at: datetime
) -> bool:
    """Whether the body was signed with the secret; without one it is not.

    `header` names where the signature stands, in any case; a prefix such as `sha256=` before hex may be there or not.
    `header_token` is no signature: the header holds the secret itself. `headers` are lower case, as in a `Request`.
    """
    given = headers.get(header.lower(), "")
    if not secret:
        return False
    if style == "standard_webhooks":
        return is_standard_webhook(
            secret,
            message_id=headers.get("webhook-id", ""),
            timestamp=headers.get("webhook-timestamp", ""),
            signatures=headers.get("webhook-signature", ""),
            body=body,
            at=at,
        )
    if style == "hmac_sha256":
        return is_signed_body(body, given, secret=secret)
    if style == "header_token":
        return is_same(given.removeprefix("Bearer "), secret)
    if style == "hmac_sha256_base64":
        return is_same(given, base64.b64encode(hmac.new(secret.encode(), body, "sha256").digest()).decode())
    name = _HASHES[style]
    return is_same(given.lower().removeprefix(f"{name}="), hmac.new(secret.encode(), body, name).hexdigest())
