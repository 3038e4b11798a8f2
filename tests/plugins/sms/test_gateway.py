"""A described interface: its templates escape, its answers are judged, its webhooks must be signed."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from core import clock
from core.sdk import HttpClient, Outcome, Receipt, Reply, Request
from plugins.sms.gateway.account import GatewayAccount
from plugins.sms.gateway.webhooks import read_moment
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from tests.factories.sms import make_message
from tests.plugins.sms.stands import GatewayStand, serving

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
ACCOUNT = GatewayStand().account
PLAIN = {"kind": "gateway", "url": "https://sms.example.com/send"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def settings_of(provider: dict[str, Any] = PLAIN, **changes: Any) -> SmsSettings:
    form = {"signature": "思域好物", "provider": provider | changes}
    return SmsSettings.model_validate(form)


def send(
    settings: SmsSettings, answer: httpx.Response, text: str = '他说"好"\\ & 拒收请回复R'
) -> tuple[Outcome, httpx.Request]:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer

    sms = SmsChannel(lambda: HttpClient(transport=httpx.MockTransport(take)))
    (outcome,) = sms.deliver([make_message(1, text=text)], settings)
    return outcome, seen[0]


def test_json_body_keeps_every_character() -> None:
    _, request = send(settings_of(), httpx.Response(200))
    told = json.loads(request.content)
    assert told == {"to": "+8613900000001", "text": '【思域好物】他说"好"\\ & 拒收请回复R', "ref": "m1"}
    assert request.headers["content-type"] == "application/json"


def test_form_body_and_address_are_escaped() -> None:
    settings = settings_of(
        url="https://sms.example.com/send?key=${secret}&to=${national}",
        body_style="form",
        body="content=${text}",
        secret="a&b=c",
    )
    _, request = send(settings, httpx.Response(200))
    assert dict(request.url.params) == {"key": "a&b=c", "to": "13900000001"}
    assert dict(httpx.QueryParams(request.content.decode())) == {"content": '【思域好物】他说"好"\\ & 拒收请回复R'}


def test_get_carries_everything_in_its_address() -> None:
    settings = settings_of(method="GET", url="https://sms.example.com/?m=${phone}&c=${text}", success_values=["0"])
    outcome, request = send(settings, httpx.Response(200, text="0,20261121"))
    assert (request.method, request.content, outcome.state) == ("GET", b"", "accepted")
    assert request.url.params["m"] == "+8613900000001"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(200, json={"result": {"code": 0, "msgid": "g1"}}), "accepted"),
        (httpx.Response(200, json={"result": {"code": "0"}}), "accepted"),
        (httpx.Response(200, json={"result": {"code": 4003}}), "refused"),
        (httpx.Response(422, json={"result": {"code": 4003}}), "refused"),
        (httpx.Response(200, json={"result": {"code": 4290}}), "throttled"),
        (httpx.Response(429), "throttled"),
        (httpx.Response(200, json={"result": {"code": 9999}}), "bad_settings"),
        (httpx.Response(404, text="no such page"), "bad_settings"),
        (httpx.Response(403, text="no"), "bad_settings"),
        (httpx.Response(302, headers={"location": "http://127.0.0.1/"}), "bad_settings"),
        (httpx.Response(408), "unknown"),
        (httpx.Response(200, json={"other": 1}), "unknown"),
        (httpx.Response(200, text="<html>"), "unknown"),
        (httpx.Response(200, json={"result": {"code": None}}), "unknown"),
        (httpx.Response(502), "unknown"),
    ],
)
def test_answers_are_judged(answer: httpx.Response, kind: str) -> None:
    outcome, _ = send(settings_of(ACCOUNT), answer)
    assert (outcome.failure.kind if outcome.failure else outcome.state) == kind


def test_message_id_is_kept_for_receipts() -> None:
    outcome, _ = send(settings_of(ACCOUNT), httpx.Response(200, json={"result": {"code": 0, "msgid": 2**60}}))
    assert outcome.provider_id == str(2**60)


def test_sentences_of_a_gateway_are_not_repeated() -> None:
    outcome, _ = send(settings_of(success_values=["ok"]), httpx.Response(200, text="13900000001 王小明 is blocked"))
    assert "王小明" not in str(outcome.failure)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://sms.example.com/"},
        {"url": "https://user:pw@sms.example.com/"},
        {"url": "https://${secret}.example.com/"},
        {"url": "https://sms.example.com/${unknown}"},
        {"body": '{"to":${phone},"text":"${text}"}'},
        {"body": '{"to":"${phone}"}'},
        {"body": "{"},
        {"headers": ["no colon"]},
        {"headers": ["Host: other"]},
        {"headers": ["X-A: ${phone2}"]},
        {"field_names": ["mobile=phone"]},
        {"field_names": ["phone="]},
        {"success_field": "code"},
        {"signature_header": "a b"},
        {"method": "DELETE"},
    ],
)
def test_descriptions_that_cannot_work_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings_of(PLAIN | change)


def test_check_says_what_is_missing() -> None:
    with serving(GatewayStand()) as sms:
        bare = sms.check(settings_of(url="http://sms.example.com/?m=${phone}&c=${text}", body=""))
        deaf = sms.check(settings_of(webhook_secret="x" * 16, body='{"a":"${phone}${text}"}'))
    assert [len(remarks) for remarks in (bare, deaf)] == [3, 2]
    assert "clear" in bare[1].en
    assert "matched" in deaf[1].en


def push(settings: SmsSettings, body: bytes, signature: str, **headers: str) -> bool:
    given = {"x-signature": signature} | headers
    request = Request(id="r", received_at=NOON, body=body, headers=given)
    return SmsChannel().answer(request, settings).accepted


def test_plain_hmac_is_taken_in_hex_or_base64() -> None:
    settings = settings_of(webhook_secret="hush", webhook_style="hmac_sha256")
    body = b'{"phone":"13900000001","state":"delivered","key":"m1"}'
    digest = hmac.new(b"hush", body, hashlib.sha256)
    for signature in (digest.hexdigest(), f"sha256={digest.hexdigest().upper()}", b64encode(digest.digest()).decode()):
        assert push(settings, body, signature)
    assert not push(settings, body + b" ", digest.hexdigest())
    assert not push(settings, body, "")
    assert not push(settings_of(webhook_style="hmac_sha256"), body, digest.hexdigest())


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"[1]", b"[" * 100_000])
def test_signed_garbage_is_answered(body: bytes) -> None:
    settings = settings_of(webhook_secret="hush", webhook_style="hmac_sha256")
    assert not push(settings, body, hmac.new(b"hush", body, hashlib.sha256).hexdigest())


def parse(item: dict[str, Any]) -> list[Any]:
    request = Request(id="r", received_at=NOON, body=json.dumps([item]).encode())
    return SmsChannel().parse(request, settings_of(webhook_secret="hush"))


def test_named_fields_become_events() -> None:
    (receipt,) = parse({"phone": "13900000001", "state": "delivrd", "provider_id": 7, "parts": 2, "at": 1_795_226_580})
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.provider_id, receipt.parts) == ("delivered", "7", 2)
    reply, opt_out = parse({"phone": "+85291234567", "text": "退订", "extend": "12"})
    assert isinstance(reply, Reply)
    assert (reply.extend, reply.is_proven, opt_out.who[0].value) == ("12", True, "+85291234567")


@pytest.mark.parametrize(
    "item",
    [{}, {"state": "delivered"}, {"state": "lost", "key": "m"}, {"text": "R"}, {"text": "R", "phone": "x"}],
)
def test_items_without_sense_are_left_out(item: dict[str, Any]) -> None:
    assert parse(item) == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1795226580", datetime(2026, 11, 21, 2, 3, tzinfo=UTC)),
        ("1795226580000", datetime(2026, 11, 21, 2, 3, tzinfo=UTC)),
        ("2026-11-21T10:03:00+08:00", datetime(2026, 11, 21, 2, 3, tzinfo=UTC)),
        ("2026-11-21 10:03:00", datetime(2026, 11, 21, 2, 3, tzinfo=UTC)),
        ("yesterday", NOON),
        ("9" * 40, NOON),
        ("", NOON),
    ],
)
def test_times_in_usual_shapes_are_read(text: str, at: datetime) -> None:
    assert read_moment(text, otherwise=NOON) == at


def test_secrets_are_not_shown() -> None:
    account = GatewayAccount.model_validate(ACCOUNT)
    assert "secret-000000000000" not in repr(account)
    assert "whsec_" not in repr(account)
