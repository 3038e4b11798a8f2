"""Twilio: codes, parts and senders on the way out; states and words on the way in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from core import clock
from core.sdk import BadSettings, ChannelFailure, Event, OptOut, Outcome, Receipt, Refused, Request, Throttled
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from plugins.sms.twilio.codes import failure_of
from tests.factories.sms import make_message
from tests.plugins.sms.stands import TwilioStand, serving

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
SMS = SmsChannel()
ABROAD = {"kind": "phone", "value": "+14155550100"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def settings_of(provider: dict[str, Any] | None = None, **changes: Any) -> SmsSettings:
    form = TwilioStand().form()
    return SmsSettings.model_validate(form | changes | {"provider": form["provider"] | (provider or {})})


def send(vendor: TwilioStand, settings: SmsSettings, **changes: Any) -> Outcome:
    with serving(vendor) as sms:
        (outcome,) = sms.deliver([make_message(1, **changes)], settings)
        return outcome


def parse(form: dict[str, str], query: tuple[tuple[str, str], ...] = ()) -> list[Event]:
    request = Request(id="r", received_at=NOON, query=query, body=urlencode(form).encode())
    return SMS.parse(request, settings_of())


def test_english_text_abroad_stays_in_the_cheap_alphabet() -> None:
    vendor = TwilioStand()
    settings = settings_of(
        signature="Tea-House", signature_style="colon", template="", opt_out_text="Reply STOP to opt out"
    )
    text = "Spring tea is here. " + "x" * 90 + " Reply STOP to opt out"
    message = make_message(1, to=ABROAD, text=text)
    assert SMS.preview(message, settings).parts == 1
    assert SMS.preview(message, settings.model_copy(update={"signature_style": "brackets"})).parts == 3
    assert send(vendor, settings, to=ABROAD, text=text).state == "accepted"
    assert vendor.sent[0].text == f"Tea-House: {text}"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("21211", Refused),
        ("21610", Refused),
        ("21614", Refused),
        ("21408", Refused),
        ("20429", Throttled),
        ("21611", Throttled),
        ("20003", BadSettings),
        ("21606", BadSettings),
        ("99999", BadSettings),
        ("", BadSettings),
    ],
)
def test_codes_are_told_apart(code: str, kind: type[ChannelFailure]) -> None:
    assert type(failure_of(code, 400)) is kind


def test_refused_number_is_final() -> None:
    vendor = TwilioStand()
    vendor.vendor.codes = {"+8613900000001": "21610"}
    failure = send(vendor, settings_of()).failure
    assert failure is not None
    assert (failure.kind, failure.code) == ("refused", "21610")


def test_service_sends_in_place_of_a_number() -> None:
    vendor = TwilioStand()
    assert send(vendor, settings_of({"sender": "MG" + "0" * 32})).state == "accepted"
    call = vendor.simulator.conversation.entries()[0]
    assert f"MessagingServiceSid=MG{'0' * 32}" in call.said
    assert "From=" not in call.said


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "accepted"),
        ("sent", "accepted"),
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_states_are_read(status: str, state: str) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+14155550100", "ErrorCode": ""}
    (receipt,) = parse(form, (("key", "1-7"),))
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.key, receipt.provider_id) == (state, "1-7", "SM1")
    assert receipt.who[0].value == "+14155550100"


def test_receipt_of_an_opted_out_number_opts_out() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "failed", "To": "+14155550100", "ErrorCode": "21610"}
    assert [event.type for event in parse(form)] == ["receipt", "opt_out"]


@pytest.mark.parametrize(
    ("body", "extra", "opts_out"),
    [
        ("stop", {}, True),
        ("Unsubscribe!", {}, True),
        ("拒收", {}, True),
        ("no more please", {"OptOutType": "STOP"}, True),
        ("please stop", {}, False),
        ("START", {"OptOutType": "START"}, False),
    ],
)
def test_words_of_opt_out_are_heard(body: str, extra: dict[str, str], opts_out: bool) -> None:
    events = parse({"MessageSid": "SM2", "SmsStatus": "received", "From": "+14155550100", "Body": body} | extra)
    assert [event.type for event in events] == (["reply", "opt_out"] if opts_out else ["reply"])
    assert all(not isinstance(event, OptOut) or event.is_proven for event in events)


@pytest.mark.parametrize(
    "form",
    [
        {"a": "b"},
        {"MessageSid": "SM1", "MessageStatus": "teleported"},
        {"MessageStatus": "sent"},
        {"MessageSid": "SM1", "Body": "hi", "From": "whatsapp:+1"},
        {"MessageSid": "SM1", "Body": "hi", "From": "+1"},
        {"MessageSid": "SM1", "MessageStatus": "sent", "To": "+nonsense"},
        {"MessageSid": "S" * 400, "MessageStatus": "sent"},
    ],
)
def test_strange_forms_say_nothing(form: dict[str, str]) -> None:
    assert parse(form) == []


@pytest.mark.parametrize("body", [b"", b"\xff", b"=&=&", b"no form", b"a=1&" * 500])
def test_garbage_is_refused(body: bytes) -> None:
    request = Request(id="r", received_at=NOON, body=body, headers={"x-twilio-signature": "x"})
    assert not SMS.answer(request, settings_of()).accepted


def test_channel_without_address_hears_nothing() -> None:
    settings = settings_of({"callback_url": ""})
    request = Request(id="r", received_at=NOON, body=b"a=1", headers={"x-twilio-signature": "x"})
    assert SMS.answer(request, settings).status == 403
    with serving(TwilioStand()) as sms:
        assert "webhook address is missing" in sms.check(settings)[0].en
