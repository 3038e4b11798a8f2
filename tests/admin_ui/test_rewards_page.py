"""The page of rewards: sums, what needs a person, and deeds that ask first; rules are kept as they were typed."""

import pytest

from tests.admin_ui import fake_data
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi
from tests.admin_ui.fake_lift import RULE


def test_payouts_are_listed_with_their_reasons(open_page: OpenPage) -> None:
    table = str(open_page("rewards", "en").dataframe[0].value)
    assert "SY23ABCD" in table
    assert "the day's budget was used up" in table


@pytest.mark.parametrize(
    ("payout", "button", "sent"),
    [
        ("w1", "payout_not_paid", ("settle", {"outcome": "failed"})),
        ("w1", "payout_paid", ("settle", {"outcome": "succeeded"})),
        ("w2", "payout_retry", ("retry", {})),
        ("w3", "payout_cancel", ("cancel", {})),
    ],
)
def test_deeds_ask_first(open_page: OpenPage, fake: FakeApi, payout: str, button: str, sent: object) -> None:
    app = open_page("rewards", "en", payout=payout)
    app.button(key=button).click().run()
    assert fake.sent == []
    app.button(key="sure").click().run()
    assert [(path.rpartition("/")[2], body) for _, path, body in fake.sent] == [sent]


def test_unknown_payout_cannot_be_paid_again(open_page: OpenPage) -> None:
    keys = [button.key for button in open_page("rewards", "en", payout="w1").button]
    assert "payout_retry" not in keys


def test_rule_is_sent_as_typed(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("rewards", "zh", reward="rules")
    if not app.button or "save_rule" not in [button.key for button in app.button]:
        assert "还没有包裹卡渠道" in texts(app)
        return
    app.button(key="save_rule").click().run()
    ((method, _, body),) = fake.sent
    assert (method, body["kind"], body["low"], body["high"]) == ("PUT", "transfer", "0.50", "3.00")


def test_brand_without_rewards_is_led_to_rules(open_page: OpenPage, fake: FakeApi) -> None:
    fake.full = False
    app = open_page("rewards", "en")
    assert "No rewards yet" in texts(app)
    app.button(key="first_rule").click().run()
    assert app.query_params["reward"] == "rules"


def test_pasted_coupons_are_sent(open_page: OpenPage, fake: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {"items": [{**RULE, "kind": "coupon", "coupons": 2, "coupons_free": 1}], "next": None}
    monkeypatch.setattr(fake_data, "FULL", [(r"rewards/rules", rules), *fake_data.FULL])
    app = open_page("rewards", "zh", reward="rules")
    app.text_area(key="coupons_2").input("TEA-1\nTEA-2").run()
    app.button(key="add_coupons").click().run()
    ((method, path, body),) = fake.sent
    assert (method, path.rpartition("/")[2], body["codes"]) == ("POST", "coupons", "TEA-1\nTEA-2")
