"""Tencent answers number by number, and each code reaches whom it concerns."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core import clock
from core.sdk import BadSettings, ChannelFailure, Outcome, Receipt, Refused, Reply, Request, Throttled, Unknown
from plugins.sms.batches import OfOnePhone
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from plugins.sms.tencent.codes import failure_of
from plugins.sms.tencent.provider import positional
from tests.factories.sms import make_message
from tests.plugins.sms.stands import TencentStand, serving

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
SMS = SmsChannel()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def settings_of(**changes: Any) -> SmsSettings:
    return SmsSettings.model_validate(TencentStand().form() | changes)


def send(vendor: TencentStand, settings: SmsSettings, count: int, **changes: Any) -> dict[str, Outcome]:
    vendor.approve(settings.template)
    with serving(vendor) as sms:
        return {o.key: o for o in sms.deliver([make_message(n, **changes) for n in range(1, count + 1)], settings)}


def test_same_text_goes_to_two_hundred_a_call() -> None:
    vendor = TencentStand()
    settings = settings_of(template="今晚八点开播 拒收请回复R")
    outcomes = send(vendor, settings, 450)
    assert vendor.vendor.batches == [200, 200, 50]
    assert {o.state for o in outcomes.values()} == {"accepted"}
    assert {one.key for one in vendor.sent} == {"campaign-1"}


def test_own_code_makes_a_call_of_one() -> None:
    vendor = TencentStand()
    send(vendor, settings_of(), 3)
    assert vendor.vendor.batches == [1, 1, 1]
    assert [one.key for one in vendor.sent] == ["m1", "m2", "m3"]


def test_one_number_refused_harms_nobody() -> None:
    vendor = TencentStand()
    vendor.vendor.codes = {
        "+8613900000002": "FailedOperation.PhoneNumberInBlacklist",
        "+8613900000003": "LimitExceeded.PhoneNumberDailyLimit",
    }
    outcomes = send(vendor, settings_of(template="今晚八点开播 拒收请回复R"), 4)
    failures = {key: o.failure.kind for key, o in outcomes.items() if o.failure}
    assert failures == {"m2": "refused", "m3": "throttled"}
    assert "opted out" in str(outcomes["m2"].failure)


def test_number_in_doubt_stops_the_rest() -> None:
    vendor = TencentStand()
    vendor.vendor.codes = {"+8613900000001": "InternalError.Timeout"}
    outcomes = send(vendor, settings_of(), 3)
    kinds = [o.failure.kind for o in outcomes.values() if o.failure]
    assert (kinds, vendor.calls) == (["unknown", "unreachable", "unreachable"], 1)


def test_empty_package_loses_one_recipient_only() -> None:
    vendor = TencentStand()
    vendor.vendor.codes = {f"+861390000000{n}": "FailedOperation.InsufficientBalanceInSmsPackage" for n in range(1, 5)}
    outcomes = send(vendor, settings_of(template="今晚八点开播 拒收请回复R"), 4)
    assert [o.failure.kind for o in outcomes.values() if o.failure] == ["bad_settings"] + ["unreachable"] * 3


def test_international_template_goes_abroad_only() -> None:
    vendor = TencentStand()
    settings = settings_of(provider=vendor.account | {"is_international": True})
    assert send(vendor, settings, 1)["m1"].failure
    abroad = {"kind": "phone", "value": "+85291234567"}
    assert send(vendor, settings, 1, to=abroad)["m1"].state == "accepted"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", Refused),
        ("InvalidParameterValue.IncorrectPhoneNumber", Refused),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", OfOnePhone),
        ("LimitExceeded.AppDailyLimit", Throttled),
        ("RequestLimitExceeded.UinLimitExceeded", Throttled),
        ("InternalError.SendAndRecvFail", Unknown),
        ("InternalError.SigVerificationFail", BadSettings),
        ("AuthFailure.SignatureExpire", BadSettings),
        ("FailedOperation.TemplateIncorrectOrUnapproved", BadSettings),
        ("Never.HeardOf", BadSettings),
    ],
)
def test_codes_are_told_apart(code: str, kind: type[ChannelFailure]) -> None:
    failure = failure_of(code)
    assert type(failure) is kind
    assert failure.code == code


@pytest.mark.parametrize(("hour", "wait"), [(15, 9 * 3600), (4, 3600)])
def test_vendors_window_waits_for_the_morning(hour: int, wait: float) -> None:
    with clock.set_to(NOON.replace(hour=hour)):
        failure = failure_of("FailedOperation.MarketingSendTimeConstraint")
    assert isinstance(failure, Throttled)
    assert failure.retry_after == wait


def test_variables_are_numbered_by_appearance() -> None:
    assert positional("${name}，点 ${code}，${name} 拒收请回复R") == "{1}，点 {2}，{1} 拒收请回复R"


def test_check_compares_the_positional_text() -> None:
    with serving(TencentStand()) as sms:
        assert sms.check(settings_of()) == ()
        with pytest.raises(BadSettings, match="template"):
            sms.check(settings_of(template="另一段 拒收请回复R"))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"[1]", b"null", b"[[]]", b'{"text":"R"}', b"[" * 100_000, b"\xff"]
)
def test_garbage_is_answered_in_the_vendors_words(body: bytes) -> None:
    answer = SMS.answer(Request(id="r", received_at=NOON, body=body), settings_of())
    assert (answer.accepted, answer.status) == (False, 400)
    assert answer.reply == {"result": 1, "errmsg": "not understood"}


def test_taken_pushes_are_answered_as_the_vendor_wants() -> None:
    body = b'{"mobile":"13900000001","nationcode":"86","text":"hi","time":1795226580,"extend":"12","sign":"x"}'
    request = Request(id="r", received_at=NOON, body=body)
    assert SMS.answer(request, settings_of()).reply == {"result": 0, "errmsg": "OK"}
    (reply,) = SMS.parse(request, settings_of())
    assert isinstance(reply, Reply)
    assert (reply.extend, reply.is_proven, reply.at.timestamp()) == ("12", False, 1_795_226_580)


def test_broken_statuses_spoil_nobody_else() -> None:
    good = '{"mobile":"91234567","nationcode":"852","sid":"2026:1","report_status":"FAIL","errmsg":"UNDELIV"}'
    bad = '{"mobile":"x","sid":"1","report_status":"FAIL"},{"mobile":"13900000001","sid":"1","report_status":"?"}'
    request = Request(id="r", received_at=NOON, body=f"[{bad},{good}]".encode())
    (receipt,) = SMS.parse(request, settings_of())
    assert isinstance(receipt, Receipt)
    assert (receipt.who[0].value, receipt.state, receipt.code) == ("+85291234567", "failed", "UNDELIV")
    assert "91234567" not in receipt.event_id
