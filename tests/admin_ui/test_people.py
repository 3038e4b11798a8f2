"""People and keys on the pages: what locks somebody out asks first, and says whom it touches."""

from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

PERSON = "/v1/people/u2"


def test_disabling_tells_what_is_lost(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "zh", person="u2")
    app.button(key="disable").click().run()
    assert "不能再进入 1 个品牌" in texts(app)
    assert not fake.sent
    app.button(key="sure").click().run()
    assert fake.sent == [("PATCH", PERSON, {"disabled": True})]


def test_role_changes_by_brand(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "zh", person="u2")
    app.selectbox(key="role_of_t1").set_value("brand_viewer").run()
    app.button(key="set_role_t1").click().run()
    assert "由品牌运营改为品牌观察员" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent == [("PATCH", PERSON, {"role": "brand_viewer", "tenant_id": "t1"})]


def test_role_is_taken_away(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "zh", person="u2")
    app.button(key="take_role_t1").click().run()
    app.button(key="sure").click().run()
    assert fake.sent == [("PATCH", PERSON, {"role": None, "tenant_id": "t1"})]


def test_nobody_locks_themselves_out(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "en", person="u1")
    assert "This is you" in texts(app)
    assert not [button for button in app.button if button.key in ("disable", "new_link")]


def test_invited_twice_is_invited_once(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "zh", person="new")
    app.text_input(key="invite_name").input("阿青")
    app.text_input(key="invite_email").input("qing@example.com")
    app.button(key="FormSubmitter:invite-邀请").click().run()
    assert fake.sent[0][1:] == (
        "/v1/people",
        {"name": "阿青", "email": "qing@example.com", "role": "brand_manager", "tenant_id": "t1"},
    )
    assert len(fake.keys[0]) == 64


def test_key_is_revoked_by_its_name(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "en", key="k1")
    app.button(key="revoke").click().run()
    assert app.button(key="sure").disabled
    next(box for box in app.text_input if str(box.key).startswith("typed_")).input("网站").run()
    app.button(key="sure").click().run()
    assert fake.sent == [("DELETE", "/v1/keys/k1", {})]


def test_log_names_people_and_deeds(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "en", part="audit")
    row = app.dataframe[0].value.iloc[0]
    assert (row["actor"], row["action"], row["subject"]) == ("林", "added a channel", "channel SMS")
