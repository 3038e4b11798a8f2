"""Campaigns and saved filters on the pages: what hurts asks in numbers, and acts once."""

import pytest

from admin_ui.words import book
from tests.admin_ui import fake_data, fake_flows
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

# Forms are driven in Chinese: AppTest asks a select box for its labels outside of the session that knows the language.
CAMPAIGN = "/v1/tenants/t1/campaigns"


def test_start_tells_people_and_cost(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "en", campaign="g1")
    app.button(key="start_campaign").click().run()
    assert "about 90 people" in texts(app)
    assert "about 180 message" in texts(app)
    assert not any(path.endswith("/start") for _, path, _ in fake.sent)


def test_yes_starts_once_with_key(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "en", campaign="g1")
    app.button(key="start_campaign").click().run()
    app.button(key="sure").click().run()
    started = [key for (_, path, _), key in zip(fake.sent, fake.keys, strict=True) if path.endswith("/start")]
    assert len(started) == 1
    assert len(started[0]) == 32
    app.run()
    assert sum(path.endswith("/start") for _, path, _ in fake.sent) == 1


def test_no_leaves_everything_as_it_is(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "en", campaign="sent")
    app.button(key="cancel_campaign").click().run()
    assert "what is left (40)" in texts(app)
    app.button(key="not_sure").click().run()
    assert not [path for _, path, _ in fake.sent if path.endswith("/cancel")]
    assert not [button for button in app.button if button.key == "sure"]


def test_unknown_ones_are_listed_and_closed(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "en", campaign="sent")
    assert "never sent again" in texts(app)
    app.button(key="close_failed").click().run()
    app.button(key="sure").click().run()
    assert fake.sent[-1] == ("POST", f"{CAMPAIGN}/sent/deliveries/settle", {"numbers": [1], "outcome": "failed"})


def test_segment_is_made_with_live_count(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "zh", group="new")
    name = next(box for box in app.text_input if str(box.key).startswith("seg_name"))
    tag = next(box for box in app.text_input if str(box.key).startswith("tag_"))
    name.input("VIP")
    tag.input("vip").run()
    assert fake.sent[-1] == ("POST", "/v1/tenants/t1/segments/preview", {"filter": {"type": "tag", "tag": "vip"}})
    assert "现在符合的联系人：100" in texts(app)
    app.button(key="save_segment").click().run()
    made = {"name": "VIP", "filter": {"type": "tag", "tag": "vip"}}
    assert ("POST", "/v1/tenants/t1/segments", made) in fake.sent


def test_segment_is_changed_where_it_is(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "zh", group="s1")
    next(button for button in app.button if str(button.key).startswith("seg_add")).click().run()
    assert len([box for box in app.text_input if str(box.key).startswith("tag_")]) == 2
    app.button(key="save_segment").click().run()
    assert fake.sent[-1][:2] == ("PUT", "/v1/tenants/t1/segments/s1")


def test_removing_segment_tells_whom_it_finds(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "zh", group="s1")
    app.button(key="remove_segment").click().run()
    assert "它找到的 100 位联系人不受影响" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("DELETE", "/v1/tenants/t1/segments/s1")


@pytest.mark.parametrize("role", ["agency_analyst", "agency_owner"])
def test_deep_segment_is_only_shown(open_page: OpenPage, fake: FakeApi, role: str) -> None:
    fake.role = role
    app = open_page("campaigns", "en", group="s2")
    assert book()["segments.read_only"]["en"] in texts(app)
    assert not app.text_input


def test_test_message_tells_what_became(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("campaigns", "en", campaign="g1")
    app.text_input(key="test_to").input("13900000020")
    app.button(key="FormSubmitter:test_message-Send the test").click().run()
    assert fake.sent[-1][1:] == ("/v1/tenants/t1/campaigns/g1/test", {"address": "13900000020"})
    assert "The provider took the test" in texts(app)


def test_quota_of_the_day_is_shown(open_page: OpenPage, fake: FakeApi) -> None:
    shown = texts(open_page("campaigns", "en", campaign="g1"))
    assert "30 of 90 can go today; all of them take about 2 days." in shown


def test_sent_message_can_be_read(open_page: OpenPage) -> None:
    app = open_page("campaigns", "en", campaign="sent")
    assert fake_flows.CAMPAIGN["message"] in [one.value for one in app.text]


def test_vendors_code_is_named_as_one(open_page: OpenPage, fake: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {**fake_flows.CAMPAIGN, "id": "sent", "state": "done", "reasons": {"MK:0001": 9}}
    monkeypatch.setattr(fake_data, "FULL", [(r"campaigns/sent", told), *fake_data.FULL])
    assert "the vendor's code MK\\:0001 9" in texts(open_page("campaigns", "en", campaign="sent"))
