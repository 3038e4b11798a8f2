"""WeChat Pay's transfers: what is asked, how errors are read, which answers and notices are believed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from core import clock
from core.sdk import BadSettings, HttpClient, IdentityClaim, Payout, Receipt, Request, Sought
from core.sdk.simulated import MARK
from core.simulator.stage import Simulator
from core.simulator.vendors.wechat_pay import WechatPay
from core.simulator.wire import Asked, News, dump
from plugins.package_card.checking import NO_NOTICE
from plugins.package_card.plugin import PackageCard
from plugins.package_card.settings import CardSettings
from plugins.package_card.wechat.notices import answer_notice, read_notice
from plugins.package_card.wechat.transfers import look_up, pay_all

AT = datetime(2026, 11, 21, 2, 3, tzinfo=UTC)
VENDOR = WechatPay()
SETTINGS = CardSettings.model_validate({**VENDOR.account})
APP = VENDOR.account["pay_app_id"]
BILL = {"out_bill_no": "SY1", "transfer_bill_no": "133", "state": "SUCCESS", "update_time": "2026-11-21T10:03:00+08:00"}


def payout(amount: int = 188, *, app: str = APP, currency: str = "CNY", key: str = "SYBILL1") -> Payout:
    to = IdentityClaim(kind="openid", value="o1", app=app)
    return Payout(key=key, to=to, amount_minor=amount, currency=currency)


def vendor_says(code: str, status: int | None = None) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        said = VENDOR.refuse(code)
        return httpx.Response(status or said.status, content=said.body, headers=dict(said.headers))

    return answer


def through(answer: Callable[[httpx.Request], httpx.Response]) -> Callable[[], HttpClient]:
    return lambda: HttpClient(transport=httpx.MockTransport(answer))


def asked_of(request: httpx.Request) -> Asked:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Asked(request.method, request.url.host, request.url.raw_path.decode(), headers, request.content, clock.now())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("PARAM_ERROR", "refused"),
        ("INVALID_REQUEST", "refused"),
        ("FREQUENCY_LIMIT_EXCEED", "throttled"),
        ("SYSTEM_ERROR", "unknown"),
        ("ALREADY_EXISTS", "unknown"),
        ("NOBODY_KNOWS_THIS", "unknown"),
    ],
)
def test_error_codes_say_what_follows(code: str, kind: str) -> None:
    (outcome,) = pay_all([payout()], SETTINGS, through(vendor_says(code)))
    assert outcome.failure is not None
    assert outcome.failure.kind == kind


@pytest.mark.parametrize("code", ["NOT_ENOUGH", "NO_AUTH", "SIGN_ERROR"])
def test_account_errors_stop_all_payouts(code: str) -> None:
    with pytest.raises(BadSettings):
        list(pay_all([payout()], SETTINGS, through(vendor_says(code))))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (payout(9), "too_little"),
        (payout(29), "too_little"),
        (payout(200_000), "too_much"),
        (payout(currency="USD"), "currency"),
        (payout(app="wxOther"), "openid"),
    ],
)
def test_impossible_payouts_never_leave(given: Payout, code: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError("something was sent")

    (outcome,) = pay_all([given], SETTINGS, through(never))
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.code) == ("refused", code)
    assert outcome.failure.message


def test_lowest_amount_is_a_setting() -> None:
    (outcome,) = pay_all([payout(10)], SETTINGS.model_copy(update={"pay_lowest": 10}), through(take_in))
    assert outcome.state == "accepted"


def take_in(request: httpx.Request) -> httpx.Response:
    asked = asked_of(request)
    assert VENDOR.why_forged(asked) == ""
    said = VENDOR.answer(asked)
    return httpx.Response(said.status, content=said.body, headers=dict(said.headers))


def test_vendor_believes_our_signature() -> None:
    (outcome,) = pay_all([payout(key="SYOURS")], SETTINGS, through(take_in))
    assert (outcome.state, set(outcome.hand_over)) == ("accepted", {"mchId", "appId", "package"})


def test_answer_without_genuine_signature_is_doubted() -> None:
    def forge(request: httpx.Request) -> httpx.Response:
        genuine = take_in(request)
        told = json.loads(genuine.content) | {"state": "SUCCESS"}
        return httpx.Response(200, content=json.dumps(told), headers=genuine.headers)

    (outcome,) = pay_all([payout(key="SYFORGED")], SETTINGS, through(forge))
    assert outcome.state == "unknown"


def test_absent_bill_is_told_as_absent() -> None:
    sought = Sought(key="SYNOWHERE", to=payout().to, sent_at=AT)
    (receipt,) = look_up([sought], SETTINGS, through(vendor_says("NOT_FOUND")))
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.key) == ("absent", "SYNOWHERE")


def notice(content: dict[str, str] | bytes = b"", *, at: datetime = AT) -> Request:
    posting = VENDOR.pack(News("success", content if isinstance(content, bytes) else dump({**content})), "http://x", at)
    return Request(id="r", received_at=AT, headers=dict(posting.headers), body=posting.body)


def test_notice_is_believed_and_read() -> None:
    request = notice(BILL)
    assert answer_notice(request, SETTINGS).accepted
    (receipt,) = read_notice(request, SETTINGS)
    assert isinstance(receipt, Receipt)
    assert (receipt.key, receipt.state, receipt.at) == ("SY1", "delivered", datetime(2026, 11, 21, 2, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    "change",
    [
        {"wechatpay-signature": "AAAA"},
        {"wechatpay-serial": "PUB_KEY_ID_OTHER"},
        {"wechatpay-timestamp": "1"},
        {"wechatpay-nonce": "other"},
    ],
)
def test_forged_notices_are_refused(change: dict[str, str]) -> None:
    request = notice(BILL)
    forged = request.model_copy(update={"headers": {**request.headers, **change}})
    answer = answer_notice(forged, SETTINGS)
    assert (answer.accepted, answer.status) == (False, 401)


def test_notice_needs_the_sealing_key() -> None:
    other = SETTINGS.model_copy(update={"pay_api_key": SecretStr("0" * 32)})
    assert not answer_notice(notice(BILL), other).accepted


def test_check_tries_the_account(simulator: Simulator) -> None:
    assert PackageCard().check(SETTINGS) == (NO_NOTICE,)
    with pytest.raises(BadSettings, match="SIGN_ERROR"):
        PackageCard().check(SETTINGS.model_copy(update={"pay_serial": f"other{MARK}"}))
    with pytest.raises(BadSettings, match="pay_api_key"):
        PackageCard().check(SETTINGS.model_copy(update={"pay_api_key": SecretStr("short")}))
