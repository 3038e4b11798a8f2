"""Signing in by form: the cookie, the way back, the words, the waiting."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from core import clock, settings
from core.access import passwords
from core.access.models import User
from core.db import platform_reading, platform_writing
from core.tenants.models import Tenant
from tests.factories.access import PASSWORD, make_user
from tests.factories.tenants import make_agency

EMAIL = "lin@agency.test"


@pytest.fixture
def lin(tenant: Tenant) -> User:
    return make_user(agency=tenant.agency_id, email=EMAIL, password=PASSWORD)


@pytest.fixture
def browser(gated: OpenAPI, lin: User) -> FlaskClient:
    return gated.test_client()


def submit(browser: FlaskClient, *, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.post("/login", data={"email": email, "password": password, **more})


def test_right_password_sets_one_cookie(browser: FlaskClient) -> None:
    answer = submit(browser)
    assert answer.status_code == 303
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("siyu=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/v1/me").status_code == 200


def test_email_spelling_does_not_matter(browser: FlaskClient) -> None:
    assert submit(browser, email=" Lin@AGENCY.test ").status_code == 303


def test_login_leads_back_or_home(browser: FlaskClient) -> None:
    back = "http://localhost:8401/attribution?brand=a"
    assert submit(browser, next=back).headers["Location"] == back
    assert submit(browser, next="https://evil.test/").headers["Location"] == "http://localhost:8401/"


def test_https_cookie_is_bound_to_host(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_HTTPS", "true")
    settings.current.cache_clear()
    (cookie,) = submit(browser).headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-siyu=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("wrong", [{"password": "not the one"}, {"email": "nobody@agency.test"}, {"email": ""}])
def test_wrong_login_says_one_thing(browser: FlaskClient, wrong: dict[str, str]) -> None:
    answer = submit(browser, **wrong)
    assert answer.status_code == 401
    assert "邮箱或密码不正确" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_words_follow_browser_language(browser: FlaskClient) -> None:
    headers = {"Accept-Language": "en"}
    answer = browser.post("/login", data={"email": EMAIL, "password": "x"}, headers=headers)
    assert "do not belong together" in answer.text


def test_password_is_not_echoed(browser: FlaskClient) -> None:
    assert "my secret guess" not in submit(browser, password="my secret guess").text


def test_form_of_another_site_is_refused(browser: FlaskClient) -> None:
    form = {"email": EMAIL, "password": PASSWORD}
    assert browser.post("/login", data=form, headers={"Origin": "https://evil.test"}).status_code == 403
    assert browser.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post("/login", data=form, headers={"Origin": "http://localhost"}).status_code == 303


def test_repeated_failures_must_wait(browser: FlaskClient) -> None:
    statuses = [submit(browser, password="wrong").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    waiting = submit(browser)
    assert waiting.status_code == 429
    assert "秒" in waiting.text
    assert int(waiting.headers["Retry-After"]) > 0
    with clock.set_to(clock.now() + timedelta(seconds=6)):
        assert submit(browser).status_code == 303


def test_success_clears_failures(browser: FlaskClient) -> None:
    for _ in range(3):
        assert [submit(browser, password="wrong").status_code for _ in range(3)] == [401] * 3
        assert submit(browser).status_code == 303


def test_strangers_do_not_lock_owner_out(browser: FlaskClient) -> None:
    for number in range(40):
        elsewhere = {"REMOTE_ADDR": f"203.0.113.{number}"}
        browser.post("/login", data={"email": EMAIL, "password": "x"}, environ_overrides=elsewhere)
    with clock.set_to(clock.now() + timedelta(seconds=31)):
        assert submit(browser).status_code == 303


def test_disabled_person_cannot_sign_in(browser: FlaskClient, lin: User) -> None:
    with platform_writing() as session:
        session.execute(sa.update(User).values(disabled_at=clock.now()))
    assert submit(browser).status_code == 401


def test_same_email_in_two_agencies(browser: FlaskClient) -> None:
    elsewhere = make_user(agency=make_agency("Elsewhere"), email=EMAIL, password="another pot at noon")
    submit(browser, password="another pot at noon")
    assert (browser.get("/v1/me").json or {})["user"]["id"] == str(elsewhere.id)


def test_old_hash_is_renewed(browser: FlaskClient, lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "wants_rehash", lambda stored: True)
    submit(browser)
    with platform_reading() as session:
        renewed = session.scalars(sa.select(User.password_hash).where(User.id == lin.id)).one()
    assert renewed != lin.password_hash
    assert passwords.is_right(PASSWORD, renewed)


def test_unknown_email_costs_a_hash(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def never_right(password: str, stored: str | None) -> bool:
        asked.append(stored)
        return False

    monkeypatch.setattr(passwords, "is_right", never_right)
    submit(browser, email="nobody@agency.test")
    assert asked == [None]


def test_signed_in_reader_may_sign_out(browser: FlaskClient) -> None:
    submit(browser)
    token = browser.get_cookie("siyu")
    assert token is not None
    assert "退出登录" in browser.get("/login").text
    assert browser.post("/logout").status_code == 303
    browser.set_cookie("siyu", token.value)
    assert browser.get("/v1/me").status_code == 401


def test_login_again_ends_the_earlier_session(browser: FlaskClient) -> None:
    submit(browser)
    first = browser.get_cookie("siyu")
    submit(browser)
    assert first is not None
    browser.set_cookie("siyu", first.value)
    assert browser.get("/v1/me").status_code == 401


@pytest.mark.parametrize("hostile", ["\0", "a\ud7ff", "刘" * 5000, "' OR 1=1 --", "<script>alert(1)</script>"])
def test_hostile_input_is_a_wrong_login(browser: FlaskClient, hostile: str) -> None:
    answer = submit(browser, email=hostile, password=hostile, next=hostile)
    assert answer.status_code in (401, 413)
    assert "<script>alert" not in answer.text
