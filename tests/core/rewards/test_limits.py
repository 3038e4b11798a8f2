"""Limits at their edges: another day, another name of the same person, another rule, a sign-in that is too old."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.contacts.merging import merge
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.placements.models import PlacementCost
from core.rewards.asking import CUT_OFF, submit_due_questions
from core.rewards.models import RewardPayout
from core.rewards.paying import MOST_TRIES
from core.rewards.rules import Wanted
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.rewards import PHONE, RewardingBrand

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
DAY = timedelta(days=1)
PHONES = [f"1390000000{n}" for n in range(6)]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> RewardingBrand:
    return RewardingBrand(client, tenant, simulator, cards=6)


def retry(brand: RewardingBrand, number: int) -> str:
    said = brand.client.post(f"/rewards/payouts/{brand.payouts()[number].id}/retry")
    return str(said.get_json()["state"])


def test_retried_reward_uses_the_days_budget(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=100))
    for number in range(2):
        brand.redeem(number, phone=PHONES[number])
    assert brand.states() == ["earned", "held"]
    with clock.set_to(NOON + DAY):
        assert retry(brand, 1) == "earned"
        brand.redeem(2, phone=PHONES[2])
        assert [row.state for row in brand.payouts()] == ["earned", "earned", "held"]
    assert [row.budget_day.day for row in brand.payouts()] == [21, 22, 22]


def test_new_day_has_a_new_budget(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=100))
    brand.redeem(0, phone=PHONES[0])
    with clock.set_to(datetime(2026, 11, 21, 16, 1, tzinfo=UTC)):  # midnight has passed in China
        brand.redeem(1, phone=PHONES[1])
    assert brand.states() == ["earned", "earned"]


def test_placements_spend_apart_from_each_other(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, daily_minor=100), brand.placement)
    other = brand.other_batch(2)
    brand.rule(Wanted("transfer", 100, 100, daily_minor=100), other)
    brand.redeem(0, phone=PHONES[0])
    brand.redeem(len(brand.serials) - 1, phone=PHONES[1])
    assert brand.states() == ["earned", "earned"]


def test_merged_person_has_one_limit(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, per_person=2))
    for number in range(2):
        brand.redeem(number, phone=PHONES[number])
    first, second = (row.contact_number for row in brand.payouts())
    assert first is not None
    assert second is not None
    with writing(brand.tenant.number) as session:
        merge(session, loser=second, into=first)
    brand.redeem(2, phone=PHONES[1])
    assert brand.states() == ["earned", "earned", "held"]


def test_operator_lets_a_person_have_more(brand: RewardingBrand) -> None:
    brand.rule(Wanted("transfer", 100, 100, per_person=1))
    brand.claim(0)
    token = brand.redeem(1)
    assert brand.states() == ["waiting", "held"]
    assert retry(brand, 1) == "earned"
    brand.sign_in(token)
    run_pending()
    assert brand.states() == ["waiting", "waiting"]


def test_cost_stands_on_the_day_of_earning(brand: RewardingBrand) -> None:
    brand.claim()
    with clock.set_to(NOON + timedelta(hours=20)):
        brand.take("expire")
        retry(brand, 0)
        run_pending()
        brand.take()
        brand.settle()
    with reading(brand.tenant.number) as session:
        told = session.execute(sa.select(PlacementCost.day, PlacementCost.amount_minor)).all()
    assert [tuple(one) for one in told] == [(date(2026, 11, 21), 188)]


def test_rule_hands_out_its_own_coupons(brand: RewardingBrand) -> None:
    brand.rule(Wanted("coupon", 500, 500))
    path = f"/rewards/rules/{brand.channel.id}/coupons"
    assert brand.client.post(path, json={"codes": "AAA"}).status_code < 300
    brand.rule(Wanted("coupon", 300, 300), brand.placement)
    assert "发完了" in brand.page(brand.redeem(0))
    assert [(row.state, row.reason) for row in brand.payouts()] == [("held", "no_coupon")]


def test_lowest_amount_may_be_paid(brand: RewardingBrand) -> None:
    body = {"kind": "transfer", "low": "0.10", "high": "1999.99"}
    assert brand.client.put(f"/rewards/rules/{brand.channel.id}", json=body).status_code == 200


def test_vendor_that_forgets_moves_nothing_back(brand: RewardingBrand) -> None:
    brand.claim()
    brand.pay.bills.clear()
    with clock.set_to(NOON + timedelta(hours=2)):
        submit_due_questions()
        run_pending()
    assert brand.states() == ["waiting"]


def test_busy_vendor_is_given_up_at_last(brand: RewardingBrand) -> None:
    brand.simulator.moods["wechat_pay"] = Moods(answers="busy")
    brand.claim()
    for turn in range(1, MOST_TRIES + 2):
        with clock.set_to(NOON + timedelta(hours=turn)):
            run_pending()
    (row,) = brand.payouts()
    assert (row.state, row.tries, row.is_sure) == ("failed", MOST_TRIES, True)
    brand.simulator.moods["wechat_pay"] = Moods()
    with clock.set_to(NOON + DAY):
        assert retry(brand, 0) == "earned"
        run_pending()
    assert brand.states() == ["waiting"]


def test_sign_in_lasts_ten_minutes(brand: RewardingBrand) -> None:
    token = brand.redeem()
    away = brand.client.raw.post(f"/r/{token}", headers=PHONE).headers["Location"]
    state = away.partition("state=")[2].partition("#")[0]
    with clock.set_to(NOON + timedelta(minutes=10)):
        assert brand.client.raw.get(f"/r/back?code=x&state={state}").status_code == 303
    assert brand.payouts()[0].ticket is None


def test_claims_stay_within_their_brand(brand: RewardingBrand, other_tenant: Tenant) -> None:
    token = brand.redeem()
    other = RoleClient(brand.client.raw.application, other_tenant)  # type: ignore[arg-type] # the app of the client
    body = {"openid": "oMini", "app_id": brand.pay.account["pay_app_id"]}
    for named in ({"token": token}, {"serial": brand.serials[0]}):
        assert other.post("/rewards/claims", json={**body, **named}).status_code == 404
        assert other.post("/rewards/claims", json={**body, **named}).get_json()["code"] == "not_found"
    assert brand.payouts()[0].payee is None


def test_payout_without_its_worker_is_asked_about(brand: RewardingBrand) -> None:
    brand.claim()
    with writing(brand.tenant.number) as session:
        row = session.scalars(sa.select(RewardPayout)).one()
        row.state, row.hand_over = "intended", None
    states = []
    for late in (timedelta(minutes=-1), timedelta(minutes=1)):
        with clock.set_to(NOON + CUT_OFF + late):
            submit_due_questions()
            run_pending()
            states += brand.states()
    assert states == ["intended", "waiting"]
    assert [row.round for row in brand.payouts()] == [1]  # taken back and paid anew, since its answer was lost
