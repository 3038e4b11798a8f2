"""Transfers to people: one bill a payout, asked about by its own number, taken back while nobody has taken it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from core.sdk import (
    BadSettings,
    ChannelFailure,
    Event,
    HttpClient,
    Outcome,
    Payout,
    Receipt,
    Refused,
    Sought,
    failed,
    now,
)
from core.sdk import vendor_json as told
from plugins.package_card.accounts import RewardAccounts
from plugins.package_card.wechat.api import GONE, Fields, call_pay, failure_of

OpenHttp = Callable[[], HttpClient]
BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
REAL_NAME_FROM = 200_000
"""From 2,000 yuan on, WeChat Pay wants the person's real name, which a card does not ask for."""

State = Literal["accepted", "delivered", "failed"]
STATES: dict[str, State] = {"SUCCESS": "delivered", "FAIL": "failed", "CANCELLED": "failed"}


def pay_all(payouts: Sequence[Payout], settings: RewardAccounts, open_http: OpenHttp) -> Iterator[Outcome]:
    """Make a bill for each; a failure of one says nothing of the others, but for an account that does not work."""
    with open_http() as http:
        for payout in payouts:
            try:
                yield _pay(http, settings, payout)
            except BadSettings:
                raise
            except ChannelFailure as failure:
                yield failed(payout.key, failure.as_failure())


def look_up(keys: Sequence[Sought], settings: RewardAccounts, open_http: OpenHttp) -> list[Event]:
    """What became of bills, by their own numbers. One that WeChat Pay does not know was never made."""
    with open_http() as http:
        return [event for sought in keys if (event := _ask(http, settings, sought)) is not None]


def take_back(keys: Sequence[Sought], settings: RewardAccounts, open_http: OpenHttp) -> list[Event]:
    """Cancel what nobody has taken; what has ended meanwhile is told as it ended."""
    with open_http() as http:
        for sought in keys:
            path = f"{BILLS}/out-bill-no/{sought.key}/cancel"
            said = call_pay(http, settings, "POST", path, body=None, asks=True)
            if said.status >= 400 and said.code != "INVALID_REQUEST":
                raise failure_of(said)
        return [event for sought in keys if (event := _ask(http, settings, sought)) is not None]


def receipt_of(bill: Fields, *, received_at: datetime) -> Receipt | None:
    """What a bill, as told or as asked for, says; None for one that says nothing."""
    key, state = told.text(bill, "out_bill_no", limit=200), told.text(bill, "state")
    if not key or not state:
        return None
    code = "CANCELLED" if state == "CANCELLED" else told.text(bill, "fail_reason", limit=100)
    return Receipt(
        event_id=f"bill-{key}-{state.lower()}"[:200],
        at=told.moment(bill.get("update_time") or bill.get("create_time"), received_at=received_at),
        state=STATES.get(state, "accepted"),
        key=key,
        provider_id=told.text(bill, "transfer_bill_no", limit=200) or None,
        code=code,
    )


def _pay(http: HttpClient, settings: RewardAccounts, payout: Payout) -> Outcome:
    _refuse_impossible(settings, payout)
    said = call_pay(http, settings, "POST", BILLS, body=_bill(settings, payout), asks=False)
    if said.status >= 300:
        raise failure_of(said)
    state = told.text(said.fields, "state")
    number = told.text(said.fields, "transfer_bill_no", limit=200) or None
    if state == "SUCCESS":
        return Outcome(key=payout.key, state="delivered", provider_id=number)
    package = told.text(said.fields, "package_info", limit=4_000)
    app = {"mchId": settings.pay_merchant, "appId": settings.pay_app_id, "package": package}
    return Outcome(key=payout.key, state="accepted", provider_id=number, hand_over=app if package else {})


def _bill(settings: RewardAccounts, payout: Payout) -> Fields:
    reports: list[JsonValue] = [
        {"info_type": "活动名称", "info_content": settings.pay_activity},
        {"info_type": "奖励说明", "info_content": settings.pay_explains},
    ]
    bill: Fields = {
        "appid": settings.pay_app_id,
        "out_bill_no": payout.key,
        "transfer_scene_id": settings.pay_scene,
        "openid": payout.to.value,
        "transfer_amount": payout.amount_minor,
        "transfer_remark": settings.pay_remark,
        "user_recv_perception": settings.pay_perceived,
        "transfer_scene_report_infos": reports,
    }
    return bill | ({"notify_url": settings.pay_notify_url} if settings.pay_notify_url else {})


def _refuse_impossible(settings: RewardAccounts, payout: Payout) -> None:
    yuan = payout.amount_minor / 100
    if payout.currency != "CNY":
        raise Refused(f"WeChat Pay transfers yuan, not {payout.currency}", code="currency")
    if payout.amount_minor < settings.pay_lowest:
        lowest = settings.pay_lowest / 100
        raise Refused(f"{yuan:.2f} yuan is too little: WeChat Pay transfers {lowest:.2f} and more", code="too_little")
    if payout.amount_minor >= REAL_NAME_FROM:
        raise Refused(f"{yuan:.2f} yuan needs the person's real name: stay below 2,000 yuan", code="too_much")
    if payout.to.kind != "openid" or payout.to.app != settings.pay_app_id:
        raise Refused("the person is not known by the app that pay_app_id names", code="openid")


def _ask(http: HttpClient, settings: RewardAccounts, sought: Sought) -> Receipt | None:
    said = call_pay(http, settings, "GET", f"{BILLS}/out-bill-no/{sought.key}", body=None, asks=True)
    if said.code in GONE:
        moment = now()
        return Receipt(
            event_id=f"bill-{sought.key}-absent"[:200], at=moment, state="absent", key=sought.key, code=said.code
        )
    if said.status >= 300:
        raise failure_of(said)
    return receipt_of(said.fields, received_at=now())
