"""Webhooks on the pages: the secret is shown once, and what cannot be taken back asks first."""

from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi


def test_new_webhook_shows_its_secret(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "en", webhook="new")
    app.text_input(key="name_new").set_value("CRM")
    app.text_input(key="url_new").set_value("https://crm.example.com/siyu")
    app.button(key="FormSubmitter:webhook_new-Save").click().run()
    ((method, path, body),) = fake.sent
    assert (method, path.rsplit("/", 1)[1]) == ("POST", "webhooks")
    assert isinstance(body, dict)
    assert (body["name"], body["url"]) == ("CRM", "https://crm.example.com/siyu")
    assert "whsec_c2hvd24gb25jZQ==" in [code.value for code in app.code]
    app.button(key="webhook_secret_seen").click().run()
    assert not app.code


def test_disabled_webhook_says_why(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "en", webhook="w2")
    assert "the receiver wants no more" in str(app.error[0].value)
    app.button(key="go_on_webhook").click().run()
    assert [(path.rsplit("/", 2)[1:], body) for _, path, body in fake.sent] == [(["w2", "state"], {"state": "active"})]


def test_test_message_tells_the_answer(open_page: OpenPage) -> None:
    app = open_page("people", "en", webhook="w1")
    app.button(key="try_webhook").click().run()
    assert "the receiver did not take it" in str(app.error[0].value)


def test_removing_asks_for_the_name(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("people", "zh", webhook="w1")
    app.button(key="remove_webhook").click().run()
    assert "2 条还在等待" in texts(app)
    assert app.button(key="sure").disabled
    assert not fake.sent


def test_viewer_sees_no_webhooks(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("people", "en", webhook="w1")
    assert "CRM" not in texts(app)
