"""Invitations: one password by one link."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from core import clock, settings
from core.access.models import User
from core.access.roles import Role
from core.access.tokens import INVITATION
from core.app import create_app
from core.tenants.models import Tenant
from tests.core.access.conftest import As
from tests.factories.access import SignedClient, begin_session, json_of

NEW = "four cups of pu-er"


def path_of(answer: TestResponse) -> str:
    link: str = json_of(answer)["link"]
    return urlsplit(link).path


@pytest.fixture
def link(signed_in: As) -> str:
    body = {"email": "wen@agency.test", "name": "Wen", "role": "agency_analyst"}
    answer = signed_in(Role.AGENCY_OWNER).post("/v1/people", json=body)
    assert answer.status_code == 201
    return path_of(answer)


@pytest.fixture
def browser(gated: OpenAPI) -> FlaskClient:
    return gated.test_client()


def test_invited_person_sets_password(browser: FlaskClient, link: str) -> None:
    assert "wen@agency.test" in browser.get(link).text
    assert browser.post(link, data={"password": NEW, "again": NEW}).status_code == 303
    assert (browser.get("/v1/me").json or {})["role"] == "agency_analyst"
    assert browser.post("/login", data={"email": "wen@agency.test", "password": NEW}).status_code == 303


def test_link_names_host_of_asking_browser(signed_in: As, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_HTTPS", "true")
    monkeypatch.setenv("SIYU_HOSTS", '["siyu.example"]')
    settings.current.cache_clear()
    client = SignedClient(create_app(), begin_session(owner))
    asked = {"person_id": str(owner.id)}
    answer = client.post("/v1/invitations", json=asked, headers={"Host": "siyu.example"})
    assert json_of(answer)["link"].startswith("https://siyu.example/invite/")


def test_link_works_only_once(browser: FlaskClient, link: str) -> None:
    browser.post(link, data={"password": NEW, "again": NEW})
    assert browser.get(link).status_code == 404
    again = browser.post(link, data={"password": "another one, please", "again": "another one, please"})
    assert again.status_code == 404
    assert "邀请已经使用过" in again.text


def test_link_expires(browser: FlaskClient, link: str) -> None:
    with clock.set_to(clock.now() + INVITATION + timedelta(seconds=1)):
        assert browser.get(link).status_code == 404
    assert browser.get(link).status_code == 200


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"password": NEW, "again": NEW + "x"}, "不一样"),
        ({"password": "short", "again": "short"}, "至少 10 个字符"),
        ({"password": "1234567890", "again": "1234567890"}, "容易被猜到"),
        ({}, "至少 10 个字符"),
    ],
)
def test_unfit_password_keeps_link(browser: FlaskClient, link: str, form: dict[str, str], words: str) -> None:
    answer = browser.post(link, data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert browser.get(link).status_code == 200


def test_guessing_links_must_wait(browser: FlaskClient) -> None:
    form = {"password": NEW, "again": NEW}
    statuses = {browser.post(f"/invite/guess{n}", data=form).status_code for n in range(22)}
    assert statuses == {404, 429}


def test_new_link_replaces_old(signed_in: As, browser: FlaskClient, link: str) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    people = json_of(owner.get("/v1/people"))["items"]
    wen = next(person["id"] for person in people if person["name"] == "Wen")
    fresh = path_of(owner.post("/v1/invitations", json={"person_id": wen}))
    assert browser.get(link).status_code == 404
    assert browser.get(fresh).status_code == 200


def test_new_password_ends_sessions(signed_in: As, gated: OpenAPI, browser: FlaskClient, owner: User) -> None:
    signed = SignedClient(gated, begin_session(owner))
    answer = signed_in(Role.AGENCY_OWNER).post("/v1/invitations", json={"person_id": str(owner.id)})
    browser.post(path_of(answer), data={"password": NEW, "again": NEW})
    assert signed.get("/v1/me").status_code == 401


def test_manager_cannot_take_over_owner(signed_in: As, owner: User, tenant: Tenant) -> None:
    manager = signed_in(Role.BRAND_MANAGER)
    assert manager.post("/v1/invitations", json={"person_id": str(owner.id)}).status_code == 404
    body = {"email": owner.email, "name": "x", "role": "brand_viewer", "tenant_id": str(tenant.id)}
    added = manager.post("/v1/people", json=body)
    assert (added.status_code, json_of(added)["link"]) == (201, None)
    assert manager.post("/v1/invitations", json={"person_id": str(owner.id)}).status_code == 403
    assert manager.patch(f"/v1/people/{owner.id}", json={"disabled": True}).status_code == 403
