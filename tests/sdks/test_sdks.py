"""The vendors' own libraries believe what we sign, and we believe what they sign; nobody believes a forgery."""

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from twilio.request_validator import RequestValidator

from core import clock
from core.outgoing import sending
from core.outgoing.secrets import new_secret
from core.sdk.signing.bodies import is_from_shopify
from core.sdk.signing.standard_webhooks import is_standard_webhook
from core.sdk.signing.twilio import is_from_twilio
from core.simulator.texts import Sent
from core.simulator.vendors.sms_gateway import SmsGateway
from core.simulator.vendors.twilio import TOKEN, Twilio
from core.simulator.wire import Posting

FOLDER = Path(__file__).parent
HOOK = "https://hooks.example/hooks/secret"
SECRET = "shpss_0123456789"
ORDER = '{"id":5001,"name":"#1001","note":"茶 ☕"}'.encode()


@pytest.fixture(scope="module")
def ask_node() -> Any:
    """Asks the libraries of npm; see check.mjs."""
    if shutil.which("node") is None:
        pytest.skip("node is missing: install nodejs and npm, then `make sdks`")
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("npm's libraries are missing: run `make sdks`")

    def ask(*asked: dict[str, Any]) -> list[bool]:
        done = subprocess.run(
            ["node", str(FOLDER / "check.mjs")],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        verdicts: list[bool] = json.loads(done.stdout)
        return verdicts

    return ask


def twilio_postings() -> list[Posting]:
    vendor = Twilio()
    sent = [Sent("+14155550100", "SM1", callback=f"{HOOK}?key=1-7"), Sent("+14155550103", "SM2", callback=HOOK)]
    news = [*vendor.receipts(sent), vendor.reply("+14155550100", "STOP, 谢谢 & bye", 1)]
    return [vendor.pack(one, one.url or HOOK, clock.now()) for one in news]


def test_twilios_validator_believes_the_simulator() -> None:
    validator = RequestValidator(TOKEN)
    postings = twilio_postings()
    assert len(postings) == 5
    for one in postings:
        form, signature = dict(parse_qsl(one.body.decode(), keep_blank_values=True)), one.headers["x-twilio-signature"]
        assert validator.validate(one.url, form, signature)
        assert not validator.validate(one.url, form | {"To": "+1"}, signature)
        assert is_from_twilio(one.url, form.items(), one.body, signature, token=TOKEN)
        theirs = validator.compute_signature(one.url, form)
        assert is_from_twilio(one.url, form.items(), one.body, theirs, token=TOKEN)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What our own webhooks send, with a secret and the one before it."""
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    monkeypatch.setattr(sending, "public_way", lambda: httpx.MockTransport(take))
    return seen


def outgoing_headers(request: httpx.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name.startswith("webhook-")}


def test_standardwebhooks_verifies_our_webhooks(told: list[httpx.Request], ask_node: Any) -> None:
    secrets = (new_secret(), new_secret())
    sending.post(sending.Envelope("https://crm.example/x", secrets, "msg_1", ORDER))
    headers = outgoing_headers(told[0])
    for secret in secrets:
        Webhook(secret).verify(told[0].content, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(told[0].content + b" ", headers)
    asked = {"judge": "standard", "headers": headers, "body": told[0].content.decode()}
    stranger = {**asked, "secret": new_secret()}
    assert ask_node(*({**asked, "secret": secret} for secret in secrets), stranger) == [True, True, False]


def test_we_verify_what_standardwebhooks_signs() -> None:
    secret, now = new_secret(), datetime.now(UTC)
    signatures = Webhook(secret).sign("msg_1", now, ORDER.decode())
    timestamp = str(int(now.timestamp()))
    verdicts = [
        is_standard_webhook(secret, message_id="msg_1", timestamp=timestamp, signatures=signatures, body=body, at=now)
        for body in (ORDER, ORDER + b" ")
    ]
    assert verdicts == [True, False]


def test_standardwebhooks_believes_the_simulated_gateway() -> None:
    vendor = SmsGateway()
    posting = vendor.pack(vendor.reply("+8613900000001", "R", 1), HOOK, clock.now())
    Webhook(vendor.account["webhook_secret"]).verify(posting.body, dict(posting.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(posting.body, dict(posting.headers))


def test_shopifys_library_believes_the_shop_we_believe(ask_node: Any) -> None:
    headers = {
        "X-Shopify-Topic": "orders/paid",
        "X-Shopify-Shop-Domain": "siyu.myshopify.com",
        "X-Shopify-API-Version": "2024-10",
        "X-Shopify-Webhook-Id": "w-1",
        "X-Shopify-Hmac-Sha256": base64.b64encode(hmac.new(SECRET.encode(), ORDER, hashlib.sha256).digest()).decode(),
    }
    asked: dict[str, Any] = {"judge": "shopify", "secret": SECRET, "headers": headers, "body": ORDER.decode()}
    forged = {**asked, "body": ORDER.decode().replace("5001", "5002")}
    stranger = {**asked, "secret": "another"}
    ours = [
        is_from_shopify(one["body"].encode(), headers["X-Shopify-Hmac-Sha256"], secrets=[one["secret"]])
        for one in (asked, forged, stranger)
    ]
    assert ask_node(asked, forged, stranger) == ours == [True, False, False]
