"""Aliyun gets what it was promised, and its answers become the right outcomes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core import clock
from core.sdk import BadSettings, Outcome, Receipt, Sought
from tests.factories.sms import ACCOUNT, FakeAliyun, make_message, make_settings, no, ok

SETTINGS = make_settings()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        yield


def deliver(fake: FakeAliyun, count: int = 3) -> list[Outcome]:
    return list(fake.channel().deliver([make_message(n) for n in range(1, count + 1)], SETTINGS))


def states(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(o.state, o.failure.kind if o.failure else "") for o in outcomes]


def test_batch_carries_numbers_signature_and_variables() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="900^0"))
    outcomes = deliver(fake, 2)
    ((action, fields),) = fake.calls
    assert action == "SendBatchSms"
    assert fields["PhoneNumberJson"] == ["13900000001", "13900000002"]
    assert fields["SignNameJson"] == ["思域好物", "思域好物"]
    assert fields["TemplateParamJson"] == [{"code": "Ab12Cd34000001"}, {"code": "Ab12Cd34000002"}]
    assert (fields["TemplateCode"], fields["OutId"]) == ("SMS_100000001", "campaign-1")
    assert [(o.key, o.provider_id, o.parts) for o in outcomes] == [("m1", "900^0", 1), ("m2", "900^0", 1)]


def test_request_is_signed_and_holds_no_secret() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    deliver(fake, 1)
    headers = fake.headers[0]
    assert headers["authorization"].startswith(
        "ACS3-HMAC-SHA256 Credential=LTAI00000000,SignedHeaders=content-type;host"
    )
    assert "secret-000000000000" not in str(headers.raw)


def test_calls_hold_a_hundred_at_most() -> None:
    fake = FakeAliyun(lambda fake, *_: ok(BizId=str(len(fake.calls))))
    outcomes = deliver(fake, 250)
    assert [len(batch) for batch in fake.batches] == [100, 100, 50]
    assert {o.state for o in outcomes} == {"accepted"}
    assert len({o.key for o in outcomes}) == 250


def test_number_stands_once_in_a_call() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    twice = [make_message(1), make_message(1, key="again"), make_message(1, key="other", group="campaign-2")]
    assert len(list(fake.channel().deliver(twice, SETTINGS))) == 3
    assert [len(batch) for batch in fake.batches] == [1, 1, 1]


def test_one_bad_number_spoils_nobody_else() -> None:
    def answer(_: FakeAliyun, action: str, fields: dict[str, Any]) -> httpx.Response:
        bad = "13900000003" in fields["PhoneNumberJson"]
        return no("isv.MOBILE_NUMBER_ILLEGAL") if bad else ok(BizId="1")

    outcomes = {o.key: o for o in deliver(FakeAliyun(answer), 7)}
    assert outcomes["m3"].failure is not None
    assert outcomes["m3"].failure.kind == "refused"
    assert [key for key, o in outcomes.items() if o.state == "accepted"] == ["m1", "m2", "m4", "m5", "m6", "m7"]


def test_limit_of_one_phone_waits_alone() -> None:
    def answer(_: FakeAliyun, action: str, fields: dict[str, Any]) -> httpx.Response:
        limited = "13900000002" in fields["PhoneNumberJson"]
        return no("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5") if limited else ok(BizId="1")

    outcomes = {o.key: o for o in deliver(FakeAliyun(answer))}
    assert outcomes["m2"].failure is not None
    assert (outcomes["m2"].failure.kind, outcomes["m2"].failure.retry_after) == ("throttled", 3600)
    assert outcomes["m1"].state == outcomes["m3"].state == "accepted"


def test_doubt_stops_the_send() -> None:
    def answer(fake: FakeAliyun, *_: Any) -> httpx.Response:
        if len(fake.calls) == 2:
            raise httpx.ReadTimeout("late")
        return ok(BizId="1")

    fake = FakeAliyun(answer)
    assert states(deliver(fake, 250)) == (
        [("accepted", "")] * 100 + [("unknown", "unknown")] * 100 + [("failed", "unreachable")] * 50
    )
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    "code",
    [
        "isv.SMS_SIGN_ILLEGAL",
        "isv.OUT_OF_SERVICE",
        "isp.RAM_PERMISSION_DENY",
        "SignatureDoesNotMatch",
        "isv.NEVER_HEARD_OF",
    ],
)
def test_one_message_says_what_a_human_must_mend(code: str) -> None:
    fake = FakeAliyun(lambda *_: no(code, status=400))
    outcomes = deliver(fake, 150)
    assert states(outcomes) == [("failed", "bad_settings"), *[("failed", "unreachable")] * 149]
    assert {o.failure.code for o in outcomes if o.failure and o.failure.kind == "bad_settings"} == {code}
    assert len(fake.calls) == 1


@pytest.mark.parametrize(("code", "wait"), [("isv.DAY_LIMIT_CONTROL", 21_600), ("Throttling.User", 5)])
def test_limits_of_the_account_wait(code: str, wait: int) -> None:
    fake = FakeAliyun(lambda *_: no(code, status=400))
    outcomes = deliver(fake, 150)
    assert {(o.failure.kind, o.failure.retry_after) for o in outcomes if o.failure} == {("throttled", wait)}
    assert (len(outcomes), len(fake.calls)) == (150, 1)


@pytest.mark.parametrize("answer", [no("isp.SYSTEM_ERROR"), ok(), httpx.Response(200, text="<html>")])
def test_unclear_answers_are_doubts(answer: httpx.Response) -> None:
    assert {o.state for o in deliver(FakeAliyun(lambda *_: answer))} == {"unknown"}


def test_server_errors_are_doubts() -> None:
    assert {o.state for o in deliver(FakeAliyun(lambda *_: no("x", status=500)))} == {"unknown"}


def test_unreachable_vendor_may_be_tried_again() -> None:
    def answer(*_: Any) -> httpx.Response:
        raise httpx.ConnectError("down")

    assert states(deliver(FakeAliyun(answer))) == [("failed", "unreachable")] * 3


def test_foreign_numbers_are_refused_before_the_call() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    abroad = make_message(1, to={"kind": "phone", "value": "+85291234567"})
    (outcome,) = fake.channel().deliver([abroad], SETTINGS)
    assert outcome.failure is not None
    assert outcome.failure.kind == "refused"
    assert not fake.calls


def test_other_text_than_the_approved_stops() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    good, other = make_message(1), make_message(2, text="别的 拒收请回复R")
    outcomes = list(fake.channel().deliver([good, other], SETTINGS))
    assert states(outcomes) == [("failed", "bad_settings"), ("failed", "unreachable")]
    assert "approved" in str(outcomes[0].failure)
    assert not fake.calls


@pytest.mark.parametrize(("hour", "state"), [(23, "failed"), (0, "accepted"), (13, "accepted"), (14, "failed")])
def test_marketing_keeps_to_its_window(hour: int, state: str) -> None:
    with clock.set_to(datetime(2026, 11, 20, hour, tzinfo=UTC)):  # 07, 08, 21 and 22 o'clock in China
        fake = FakeAliyun(lambda *_: ok(BizId="1"))
        (outcome,) = deliver(fake, 1)
        (notice,) = fake.channel().deliver([make_message(9, purpose="notice")], SETTINGS)
    assert (outcome.state, notice.state) == (state, "accepted")
    if outcome.failure:
        assert (outcome.failure.kind, outcome.failure.retry_after) == ("throttled", 3600 if hour == 23 else 36_000)


def test_extend_code_goes_with_each_number() -> None:
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    settings = make_settings(provider=ACCOUNT | {"extend_code": "77"})
    assert len(list(fake.channel().deliver([make_message(1), make_message(2)], settings))) == 2
    assert fake.calls[0][1]["SmsUpExtendCodeJson"] == ["77", "77"]


def test_slow_vendor_is_left_in_time() -> None:
    start = datetime(2026, 11, 21, 4, tzinfo=UTC)
    fake = FakeAliyun(lambda *_: ok(BizId="1"))
    with clock.set_to(lambda: start + timedelta(seconds=60 * len(fake.calls))):
        outcomes = deliver(fake, 350)
    assert states(outcomes) == [("accepted", "")] * 200 + [("failed", "unreachable")] * 150
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("state", "content", "remarks"),
    [("1", "新品到店，点 https://go.example.com/t/${code} 查看 拒收请回复R", 0), ("0", None, 1)],
)
def test_check_reads_the_template(state: str, content: str | None, remarks: int) -> None:
    content = content or "新品到店，点 https://go.example.com/t/${code} 查看 拒收请回复R"
    fake = FakeAliyun(lambda *_: ok(TemplateStatus=state, TemplateContent=content))
    assert len(fake.channel().check(SETTINGS)) == remarks


@pytest.mark.parametrize(
    "answer", [ok(TemplateStatus="2", TemplateContent=""), ok(TemplateStatus="1", TemplateContent="别的")]
)
def test_check_refuses_other_templates(answer: httpx.Response) -> None:
    with pytest.raises(BadSettings, match="template"):
        FakeAliyun(lambda *_: answer).channel().check(SETTINGS)


def test_check_refuses_wrong_keys() -> None:
    with pytest.raises(BadSettings, match=r"InvalidAccessKeyId"):
        FakeAliyun(lambda *_: no("InvalidAccessKeyId.NotFound", status=404)).channel().check(SETTINGS)


def sought(**changes: Any) -> Sought:
    made = {
        "key": "m1",
        "to": make_message().to,
        "group": "campaign-1",
        "sent_at": datetime(2026, 11, 20, 17, tzinfo=UTC),
    }
    return Sought.model_validate(made | changes)


def detail(out_id: str = "campaign-1", status: int = 3) -> dict[str, Any]:
    return {
        "PhoneNum": "13900000001",
        "SendStatus": status,
        "ErrCode": "DELIVERED" if status == 3 else "",
        "OutId": out_id,
        "SendDate": "2026-11-21 01:00:00",
        "ReceiveDate": "2026-11-21 01:00:07" if status == 3 else "",
    }


def lookup(key: Sought, *rows: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    fake = FakeAliyun(lambda *_: ok(SmsSendDetailDTOs={"SmsSendDetailDTO": list(rows)}))
    return fake.channel().lookup([key], SETTINGS), fake.calls[0][1]


def test_lookup_matches_by_group() -> None:
    (receipt,), asked = lookup(sought(), detail("campaign-0"), detail())
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.key, receipt.at) == ("delivered", "m1", datetime(2026, 11, 20, 17, 0, 7, tzinfo=UTC))
    assert (asked["SendDate"], asked["PhoneNumber"]) == ("20261121", "13900000001")


def test_lookup_asks_by_receipt_number() -> None:
    (receipt,), asked = lookup(sought(provider_id="900^0"), detail("x", 1))
    assert asked["BizId"] == "900^0"
    assert receipt.state == "accepted"


def test_lookup_never_guesses() -> None:
    assert lookup(sought())[0] == []
    assert lookup(sought(), detail(), detail())[0] == []
    assert lookup(sought(group=""), detail(""))[0] == []
