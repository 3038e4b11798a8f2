"""Placements, channels and imports on the pages: what cannot be taken back asks with numbers, and acts once."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

TENANT = "/v1/tenants/t1"


def type_name(app: AppTest, name: str) -> None:
    next(box for box in app.text_input if str(box.key).startswith("typed_")).input(name).run()


def test_archiving_tells_what_stops(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    app.button(key="archive_placement").click().run()
    assert "The 1 link(s) and 500 codes" in texts(app)
    assert "412 not redeemed yet" in texts(app)
    assert app.button(key="sure").disabled
    type_name(app, "十月第一批")
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("POST", f"{TENANT}/placements/p1/archive")


def test_changing_sends_only_changes(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    app.text_input(key="change_name").input("October")
    next(button for button in app.button if str(button.key).startswith("FormSubmitter:change_placement")).click().run()
    assert fake.sent[-1] == ("PATCH", f"{TENANT}/placements/p1", {"name": "October"})


def test_same_cost_entered_twice_is_two(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    for _ in range(2):
        app.text_input(key="cost_amount").input("10")
        next(button for button in app.button if str(button.key).startswith("FormSubmitter:new_cost")).click().run()
    assert [path for _, path, _ in fake.sent] == [f"{TENANT}/placements/p1/costs"] * 2
    assert fake.keys[0] != fake.keys[1]


def test_small_numbers_are_marked(open_page: OpenPage, fake: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_ui.views.placements.SMALL", 100)
    app = open_page("placements", "en")
    assert "Fewer than 100 contacts" in texts(app)
    assert app.dataframe[0].value.iloc[0]["cost_per_contact_n"].endswith("*")


def test_new_secret_asks_first(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("channels", "zh", channel="c2")
    app.button(key="renew_secrets").click().run()
    assert "立即失效" in texts(app)
    assert not fake.sent
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("POST", f"{TENANT}/channels/c2/secrets")


def test_archiving_channel_counts_placements(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("channels", "zh", channel="c2")
    app.button(key="archive_channel").click().run()
    assert "它的 1 个使用中的投放" in texts(app)
    type_name(app, "短信 [主]")
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("POST", f"{TENANT}/channels/c2/archive")


def test_import_says_it_has_no_undo(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("import", "zh", **{"import": "draft"})
    app.button(key="start_import").click().run()
    assert "前 100 行中会导入 96 行，拒绝 4 行" in texts(app)  # one time is no time, and one channel is not known
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("POST", f"{TENANT}/imports/draft/start")


def test_cancelling_import_keeps_rows(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("import", "en", **{"import": "busy"})
    app.button(key="cancel_import").click().run()
    assert "62,483 rows taken so far stay" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2] == ("POST", f"{TENANT}/jobs/j1/cancel")
