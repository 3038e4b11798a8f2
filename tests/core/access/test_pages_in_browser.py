"""The way in as a person walks it: Chromium at phone size, both languages, light and dark, checked by axe."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask_openapi3 import OpenAPI
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core import settings
from core.access import invitations
from core.access.models import User
from core.access.roles import Role
from core.db import platform_writing
from core.tenants.models import Tenant
from tests.factories.access import make_person

NEW = "four cups of pu-er"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]


@dataclass(frozen=True)
class Door:
    """A running server, a person who was invited to it, and their link."""

    address: str
    person: User
    link: str


@pytest.fixture
def door(gated: OpenAPI, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    server = make_server("127.0.0.1", 0, gated, threaded=True)
    # There are no admin pages here: whoever comes in is led to this server's own root.
    monkeypatch.setenv("SIYU_UI_PORT", str(server.server_port))
    settings.current.cache_clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://localhost:{server.server_port}"
    person = make_person(Role.AGENCY_OWNER, tenant)
    with platform_writing() as session:
        invited = invitations.invite(session, session.merge(person))
    yield Door(address, person, f"{address}/invite/{invited.token}")
    server.shutdown()
    server.server_close()


def phone(browser: Browser, *, locale: str = "zh-CN", scheme: Literal["light", "dark"] = "light") -> Page:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale=locale, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def test_invited_person_walks_in_and_out(browser: Browser, door: Door) -> None:
    page = phone(browser)
    page.goto(door.link)
    page.fill("#password", NEW)
    page.fill("#again", NEW)
    page.click("text=保存并登录")
    page.wait_for_url(f"{door.address}/")
    page.goto(f"{door.address}/login")
    page.click("text=退出登录")
    page.wait_for_url("**/login")
    page.fill("#email", door.person.email)
    page.fill("#password", "not this one")
    page.click("button:has-text('登录')")
    page.locator("[role=alert]", has_text="邮箱或密码不正确").wait_for()
    page.click("text=English")
    page.fill("#email", door.person.email)
    page.fill("#password", NEW)
    page.click("button:has-text('Sign in')")
    page.wait_for_url(f"{door.address}/")


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_pages_are_for_everybody(browser: Browser, door: Door, locale: str, scheme: Literal["light", "dark"]) -> None:
    page = phone(browser, locale=locale, scheme=scheme)
    for address in (f"{door.address}/login", door.link, f"{door.address}/invite/unknown"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
