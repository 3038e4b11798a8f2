"""Every page in both languages, for every role, with data and without."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from admin_ui.pages import PAGES
from admin_ui.words import book
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import ROLES, FakeApi

CODES = [page.code for page in PAGES]
CHINESE = re.compile("[一-鿿]")


def title_of(app: AppTest) -> str:
    return str(app.title[0].value)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_page_opens_for_role(open_page: OpenPage, fake: FakeApi, code: str, lang: str, role: str) -> None:
    fake.role = role
    app = open_page(code, lang)
    assert not app.exception
    shown = texts(app)
    allowed = title_of(app) == book()[f"{code}.title"][lang] if app.title else False
    assert allowed or book()["states.forbidden_title"][lang] in shown


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_empty_brand_has_next_step(open_page: OpenPage, fake: FakeApi, code: str, lang: str) -> None:
    fake.full = False
    app = open_page(code, lang)
    assert not app.exception
    assert app.title or app.header


OPENED = [
    ("order", "order", "o1"),
    ("placements", "placement", "p1"),
    ("placements", "placement", "new"),
    ("channels", "channel", "c2"),
    ("channels", "channel", "new"),
    ("contacts", "contact", "n1"),
    ("contacts", "view", "merges"),
    ("import", "import", "i1"),
    ("import", "import", "draft"),
    ("import", "import", "busy"),
    ("campaigns", "campaign", "new"),
    ("campaigns", "campaign", "g1"),
    ("campaigns", "campaign", "sent"),
    ("referrals", "inviter", "n1"),
    ("experiments", "experiment", "new"),
    ("campaigns", "sent", "segments"),
    ("jobs", "job", "busy"),
    ("jobs", "job", "dead"),
    ("people", "part", "keys"),
    ("people", "person", "new"),
    ("people", "person", "u2"),
    ("people", "key", "new"),
    ("people", "key", "k1"),
    ("people", "part", "webhooks"),
    ("people", "webhook", "new"),
    ("people", "webhook", "w1"),
    ("people", "part", "audit"),
    ("attribution", "by", "day"),
    ("attribution", "by", "order"),
    ("attribution", "tab", "compare"),
    ("attribution", "inside", "markov"),
    ("attribution", "inside", "shapley"),
    ("overview", "show", "cac"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("code", "name", "value"), OPENED)
def test_link_opens_the_thing(open_page: OpenPage, code: str, name: str, value: str, lang: str) -> None:
    app = open_page(code, lang, **{name: value})
    assert not app.exception
    assert app.title
    assert not app.error


@pytest.mark.parametrize("code", CODES)
def test_broken_api_draws_request_id(open_page: OpenPage, fake: FakeApi, code: str) -> None:
    fake.broken = {"/v1/tenants/": 500, "/v1/agency": 500, "/v1/people": 500, "/v1/keys": 500, "/v1/plugins": 500}
    app = open_page(code, "en", order="o1")
    assert not app.exception
    assert "req-7f3a" in texts(app)


@pytest.mark.parametrize(("status", "state"), [(401, "expired_title"), (503, "unreachable_title"), (404, "gone_title")])
def test_refusals_have_their_pictures(open_page: OpenPage, fake: FakeApi, status: int, state: str) -> None:
    fake.broken = {"/overview": status}
    assert book()[f"states.{state}"]["en"] in texts(open_page("overview", "en"))


def test_stranger_is_asked_to_sign_in(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_ui.session.token", lambda: "")
    assert book()["states.sign_in_title"]["en"] in texts(open_page("overview", "en"))


def test_viewer_does_not_see_agency(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    assert book()["states.forbidden_title"]["en"] in texts(open_page("agency", "en"))


@pytest.mark.parametrize("code", ["overview", "import"])
def test_newcomer_is_told_to_make_brand(open_page: OpenPage, fake: FakeApi, code: str) -> None:
    fake.brandless = True
    assert book()["overview.no_brand_title"]["en"] in texts(open_page(code, "en"))


def test_english_pages_hold_no_chinese() -> None:
    assert not {key for key, pair in book().items() if CHINESE.search(pair["en"])}
