"""A card's red packet from the scan to the person's balance, on good days and bad ones; never paid twice."""

from datetime import timedelta

import pytest

from core import clock
from core.jobs.runner import run_pending
from core.plugin_host import Host
from core.rewards import paying
from core.rewards.asking import submit_due_questions
from core.rewards.states import STATES
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.rewards import PHONE, RewardingBrand


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> RewardingBrand:
    return RewardingBrand(client, tenant, simulator)


class Killed(BaseException):
    """The process dies here."""


def ask_later(brand: RewardingBrand, *, minutes: float = 5) -> None:
    """Let time pass until the next question, and ask."""
    with clock.set_to(clock.now() + timedelta(minutes=minutes)):
        submit_due_questions()
        run_pending()


def test_red_packet_reaches_the_person(brand: RewardingBrand) -> None:
    token = brand.redeem()
    assert "领取红包" in brand.page(token)
    brand.sign_in(token)
    assert "正在准备" in brand.page(token)
    run_pending()
    assert (brand.states(), "requestMerchantTransfer" in brand.page(token) or "模拟器" in brand.page(token)) == (
        ["waiting"],
        True,
    )
    brand.take()
    assert (brand.states(), brand.paid(), brand.costs()) == (["succeeded"], [188], [188])
    assert "已经到账" in brand.page(token)


def test_bad_days_of_callbacks_end_equal(brand: RewardingBrand) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(late=1, late_by=40_000, doubled=1, shuffled=1, wrong=1)
    for number in range(3):
        brand.claim(number, phone=f"1390000000{number}")
    for _ in range(3):
        brand.simulator.tell("wechat_pay", "confirm", {})
    brand.settle()
    assert (brand.states(), brand.costs()) == (["succeeded"] * 3, [188] * 3)


def test_lost_notice_is_asked_for(brand: RewardingBrand) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(lost=1)
    brand.claim()
    brand.take()
    assert brand.states() == ["waiting"]
    ask_later(brand)
    assert (brand.states(), brand.costs()) == (["succeeded"], [188])


def test_answer_lost_after_acceptance_pays_once(brand: RewardingBrand) -> None:
    token = brand.redeem()
    brand.simulator.moods["wechat_pay"] = Moods(answers="broken")
    brand.sign_in(token)
    brand.simulator.moods["wechat_pay"] = Moods(answers="broken")
    run_pending()
    assert brand.states() == ["unknown"]
    brand.simulator.moods["wechat_pay"] = Moods()
    ask_later(brand)
    assert [row.round for row in brand.payouts()] == [1]
    assert sorted(str(bill["state"]) for bill in brand.pay.bills.values()) == ["CANCELLED", "WAIT_USER_CONFIRM"]
    brand.take()
    assert (brand.states(), brand.paid(), brand.costs()) == (["succeeded"], [188], [188])


def test_death_between_call_and_write_settles_once(brand: RewardingBrand, monkeypatch: pytest.MonkeyPatch) -> None:
    brand.sign_in(brand.redeem())
    with monkeypatch.context() as patch:

        def die(*given: object) -> None:
            raise Killed

        patch.setattr(paying, "_record", die)
        with pytest.raises(Killed):
            run_pending()
    assert (brand.states(), len(brand.pay.bills)) == (["intended"], 1)
    with clock.set_to(clock.now() + timedelta(minutes=20)):
        run_pending()
    assert len(brand.pay.bills) == 1
    ask_later(brand, minutes=30)
    brand.take()
    assert (brand.states(), brand.paid(), brand.costs()) == (["succeeded"], [188], [188])


def test_unknown_payout_is_never_called_again(brand: RewardingBrand, monkeypatch: pytest.MonkeyPatch) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(answers="broken")
    brand.sign_in(brand.redeem())
    called: list[str] = []
    call = Host.call

    def count(self: Host, key: str, verb: str, *given: object, **more: object) -> object:
        called.append(verb)
        return call(self, key, verb, *given, **more)  # type: ignore[call-overload]  # any verb goes through here

    monkeypatch.setattr(Host, "call", count)
    run_pending()
    brand.simulator.moods["wechat_pay"] = Moods(answers="code", code="NO_AUTH")
    for minutes in (1, 5, 30):
        with clock.set_to(clock.now() + timedelta(minutes=minutes)):
            submit_due_questions()
            run_pending(strict=False)
    assert (called.count("reward"), brand.states()) == (1, ["waiting"])


@pytest.mark.parametrize(("answers", "reason"), [("empty", "NOT_ENOUGH"), ("code", "TRANSFER_RISK")])
def test_refused_payout_may_be_retried(brand: RewardingBrand, answers: Answers, reason: str) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(answers=answers, code="TRANSFER_RISK")
    brand.claim()
    (row,) = brand.payouts()
    assert (row.state, row.reason, brand.costs()) == ("failed", reason, [])
    brand.simulator.moods["wechat_pay"] = Moods()
    said = brand.client.post(f"/rewards/payouts/{row.id}/retry")
    assert (said.status_code, said.get_json()["bill"]) == (200, row.bill)
    run_pending()
    brand.take()
    assert (brand.states(), brand.paid()) == (["succeeded"], [188])


def test_busy_vendor_is_asked_again_later(brand: RewardingBrand) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(answers="busy")
    brand.claim()
    assert brand.states() == ["earned"]
    brand.simulator.moods["wechat_pay"] = Moods()
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        run_pending()
        assert brand.states() == ["waiting"]


@pytest.mark.parametrize(("what", "state"), [("expire", "cancelled"), ("fail", "failed")])
def test_unpaid_bill_gets_another_number(brand: RewardingBrand, what: str, state: str) -> None:
    brand.claim()
    brand.take(what)
    (row,) = brand.payouts()
    assert (row.state, row.is_sure, brand.costs()) == (state, True, [])
    said = brand.client.post(f"/rewards/payouts/{row.id}/retry").get_json()
    assert said["bill"] != row.bill
    run_pending()
    brand.take()
    assert (brand.states(), brand.paid()) == (["succeeded"], [188])


def test_unknown_payout_is_closed_by_hand(brand: RewardingBrand) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(answers="broken")
    brand.claim()
    (row,) = brand.payouts()
    path = f"/rewards/payouts/{row.id}"
    assert brand.client.post(f"{path}/retry").status_code == 409
    assert brand.client.post(f"{path}/settle", json={"outcome": "failed"}).get_json()["state"] == "failed"
    assert brand.client.post(f"{path}/retry").status_code == 409
    brand.take()
    assert (brand.states(), brand.costs()) == (["succeeded"], [188])


def test_taken_back_payout_is_cancelled(brand: RewardingBrand) -> None:
    brand.claim()
    (row,) = brand.payouts()
    assert brand.client.post(f"/rewards/payouts/{row.id}/cancel").status_code == 200
    run_pending()
    assert brand.states() == ["cancelled"]
    assert brand.client.post(f"/rewards/payouts/{row.id}/cancel").status_code == 409


def test_sign_in_works_once(brand: RewardingBrand) -> None:
    token = brand.redeem()
    away = brand.client.raw.post(f"/r/{token}", headers=PHONE).headers["Location"]
    state = away.partition("state=")[2].partition("#")[0]
    assert brand.client.raw.get(f"/r/back?code=x&state={state[:-1]}0").status_code == 303
    (row,) = brand.payouts()
    assert row.ticket is None
    brand.client.raw.get(f"/r/back?code=stolen&state={state}")
    (row,) = brand.payouts()
    assert row.ticket is not None
    run_pending()
    (row,) = brand.payouts()
    assert (row.state, row.payee, row.ticket) == ("earned", None, None)
    assert "再点一次" in brand.page(token)
    brand.client.raw.get(f"/r/back?code=again&state={state}")
    assert brand.payouts()[0].ticket is None


def test_own_mini_program_names_the_payee(brand: RewardingBrand) -> None:
    token = brand.redeem()
    body = {"token": token, "openid": "oMini", "app_id": brand.pay.account["pay_app_id"]}
    assert brand.client.post("/rewards/claims", json=body).get_json()["hand_over"] == {}
    run_pending()
    told = brand.client.post("/rewards/claims", json=body).get_json()
    assert (told["state"], set(told["hand_over"])) == ("waiting", {"mchId", "appId", "package"})
    other = brand.client.post("/rewards/claims", json={**body, "openid": "oOther"})
    assert other.status_code == 409


def test_states_are_those_of_the_table() -> None:
    assert set(STATES) == {
        "held", "earned", "intended", "unknown", "waiting", "failed", "cancelled", "succeeded",
    }  # fmt: skip
