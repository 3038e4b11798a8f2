"""Budgets, limits and coupons hold, also when two redeem at one moment; what they stop is kept for the operator."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import Client

from core.jobs.runner import run_pending
from core.rewards.drawing import Purse, draw_amount
from core.rewards.rules import Wanted
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.rewards import RewardingBrand

PHONES = [f"1390000000{n}" for n in range(6)]


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> RewardingBrand:
    return RewardingBrand(client, tenant, simulator, cards=6)


def spent(brand: RewardingBrand) -> int:
    return sum(row.amount_minor for row in brand.payouts() if row.state != "held")


def test_two_at_once_never_exceed_the_budget(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=250))
    start = Barrier(5)

    def redeem(number: int) -> str:
        start.wait()
        return brand.redeem(number, phone=PHONES[number], browser=Client(brand.client.raw.application))

    with ThreadPoolExecutor(5) as pool:
        tokens = list(pool.map(redeem, range(5)))
    assert (spent(brand), sorted(brand.states()), all(tokens)) == (200, ["earned"] * 2 + ["held"] * 3, True)


def test_random_amounts_stay_in_the_budget(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 50, 300, daily_minor=400))
    for number in range(6):
        brand.redeem(number, phone=PHONES[number])
    assert spent(brand) <= 400
    assert all(50 <= row.amount_minor <= 300 for row in brand.payouts())


def test_placement_has_a_budget_within_its_channel(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=300))
    brand.rule(Wanted("transfer", 200, 200, daily_minor=10_000), brand.placement)
    for number in range(2):
        brand.redeem(number, phone=PHONES[number])
    assert [(row.state, row.amount_minor) for row in brand.payouts()] == [("earned", 200), ("held", 200)]


def test_held_reward_is_paid_when_there_is_room(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=100))
    brand.redeem(0, phone=PHONES[0])
    token = brand.redeem(1, phone=PHONES[1])
    assert "领完了" in brand.page(token)
    held = brand.payouts()[1]
    assert brand.client.post(f"/rewards/payouts/{held.id}/retry").get_json()["state"] == "held"
    brand.rule(Wanted("transfer", 100, 100, daily_minor=200))
    assert brand.client.post(f"/rewards/payouts/{held.id}/retry").get_json()["state"] == "earned"
    assert "领取红包" in brand.page(token)


def test_person_gets_as_many_as_allowed(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, per_person=1))
    brand.redeem(0)
    token = brand.redeem(1)
    assert [(row.state, row.reason) for row in brand.payouts()] == [("earned", None), ("held", "person")]
    assert "份数" in brand.page(token)


def test_person_under_two_phones_is_one_payee(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, per_person=1))
    brand.pay.settings["person"] = "oTheSame"
    brand.claim(0, phone=PHONES[0])
    brand.claim(1, phone=PHONES[1])
    assert [(row.state, row.reason) for row in brand.payouts()] == [("waiting", None), ("held", "person")]


def test_coupon_is_handed_out_once(brand: RewardingBrand) -> None:
    brand.rule(Wanted("coupon", 500, 500))
    rows = {"codes": "券码,备注\nAAA,1\nBBB,2\nAAA,3\n"}
    path = f"/rewards/rules/{brand.channel.id}"
    assert brand.client.post(f"{path}/coupons", json=rows).get_json() == {"given": 2, "added": 2}
    assert brand.client.post(f"{path}/coupons", json=rows).get_json() == {"given": 2, "added": 0}
    pages = [brand.page(brand.redeem(number, phone=PHONES[number])) for number in range(3)]
    assert ["AAA" in pages[0], "BBB" in pages[1], "发完了" in pages[2]] == [True] * 3
    assert (brand.states(), brand.costs()) == (["succeeded", "succeeded", "held"], [500, 500])
    (rule,) = brand.client.get("/rewards/rules").get_json()["items"]
    assert (rule["coupons"], rule["coupons_free"], rule["spent_today"]) == (2, 0, "10.00")


def test_one_text_is_for_everybody(brand: RewardingBrand) -> None:
    brand.rule(Wanted("coupon", coupon_text="WELCOME10"))
    pages = [brand.page(brand.redeem(number, phone=PHONES[number])) for number in range(2)]
    assert all("WELCOME10" in page for page in pages)
    assert (brand.states(), brand.costs()) == (["succeeded"] * 2, [])


def test_no_rule_is_no_reward(brand: RewardingBrand) -> None:
    brand.rule(Wanted("none"))
    assert (brand.redeem(), brand.payouts()) == ("", [])


def test_browser_that_redeemed_finds_its_reward_again(brand: RewardingBrand) -> None:
    browser = Client(brand.client.raw.application)
    token = brand.redeem(browser=browser)
    again = browser.get(f"/c/{brand.serials[0]}")
    assert (again.status_code, again.headers["Location"]) == (303, f"/r/{token}")
    assert Client(brand.client.raw.application).get(f"/c/{brand.serials[0]}").status_code == 409


def test_outside_wechat_the_page_says_so(brand: RewardingBrand) -> None:
    brand.set_up(pay_app_id="wx0123456789abcdef", pay_app_secret="a" * 32)
    token = brand.redeem()
    outside = Client(brand.client.raw.application).get(f"/r/{token}").text
    assert ("请在微信里打开" in outside, "data:image/svg" in outside, "领取红包" in outside) == (True, True, False)
    assert "领取红包" in brand.page(token)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "transfer", "low": "0.05"}, "too_low"),
        ({"kind": "transfer", "low": "1", "high": "2000"}, "too_high"),
        ({"kind": "transfer", "low": "2", "high": "1"}, "below_low"),
        ({"kind": "transfer", "low": "-1"}, None),
        ({"kind": "transfer", "low": "NaN"}, None),
        ({"kind": "gold"}, None),
        ({"kind": "coupon", "per_person": 0}, None),
    ],
)
def test_bad_rules_are_refused_clearly(brand: RewardingBrand, body: dict[str, object], code: str | None) -> None:
    said = brand.client.put(f"/rewards/rules/{brand.channel.id}", json=body)
    assert said.status_code == 422, said.text
    assert code is None or code in said.text


def test_rule_is_kept_and_shown(brand: RewardingBrand) -> None:
    body = {"kind": "transfer", "low": "0.5", "high": "2", "daily": "100", "per_person": 3}
    said = brand.client.put(f"/rewards/rules/{brand.channel.id}", json=body).get_json()
    assert (said["low"], said["high"], said["daily"], said["per_person"]) == ("0.50", "2.00", "100.00", 3)
    assert brand.client.get("/rewards/summary").get_json()["states"] == {}


def test_payouts_are_listed_without_names(brand: RewardingBrand) -> None:
    brand.claim()
    run_pending()
    text = brand.client.get("/rewards/payouts?state=waiting").text
    assert ("oSimulated" in text, "13900000001" in text, brand.payouts()[0].bill in text) == (False, False, True)


@pytest.mark.parametrize(
    ("purses", "amount"),
    [
        ([], 300),
        ([Purse(None, 10)], 300),
        ([Purse(250, 50)], 200),
        ([Purse(250, 160)], None),
        ([Purse(100, 500)], None),
    ],
)
def test_amount_fits_every_purse(purses: list[Purse], amount: int | None) -> None:
    assert draw_amount(100, 300, purses, below=lambda count: count - 1) == amount
