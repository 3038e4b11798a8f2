"""What only a browser can tell: requests, contrast and labels, width on a phone, languages, themes."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from admin_ui.pages import PAGES
from admin_ui.words import book
from tests.admin_ui.fake_api import FakeApi
from tests.browser.conftest import opened, settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES = [page.code for page in PAGES]
CHINESE = re.compile("[一-鿿]")
# What Streamlit's own markup is found guilty of, whatever an app does: its charts' canvas and its sidebar's landmark.
OF_STREAMLIT = {"region", "landmark-one-main", "page-has-heading-one", "scrollable-region-focusable"}


@pytest.mark.parametrize("code", CODES)
def test_page_keeps_to_its_own_host(page: Page, site: str, code: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, f"{site}/{code}")
    strangers = [url for url in asked if not re.match(r"(https?://localhost[:/]|data:|blob:|ws://localhost)", url)]
    assert strangers == []


@pytest.mark.parametrize("code", CODES)
def test_page_passes_axe(page: Page, site: str, code: str) -> None:
    visit(page, f"{site}/{code}")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    ours = {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in found if one["id"] not in OF_STREAMLIT}
    assert ours == {}


@pytest.mark.parametrize("code", CODES)
def test_page_fits_a_phone(browser: Browser, site: str, code: str) -> None:
    with opened(browser, site, width=390, height=844) as page:
        visit(page, f"{site}/{code}")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


@pytest.mark.parametrize("code", CODES)
def test_english_page_has_no_chinese_of_ours(page: Page, site: str, code: str) -> None:
    visit(page, f"{site}/{code}?lang=en")
    shown = page.locator("[data-testid=stMain]").inner_text()
    ours = {pair["zh"] for pair in book().values() if len(pair["zh"]) > 2 and CHINESE.search(pair["zh"])}
    assert not [text for text in ours if text in shown]
    assert page.evaluate("document.documentElement.lang") == "en"


def test_language_switch_keeps_page_and_filter(page: Page, site: str) -> None:
    visit(page, f"{site}/overview?days=90&show=revenue")
    page.get_by_role("radio", name="English").click()
    settle(page)
    assert page.locator("h1").inner_text() == "Overview"
    assert "days=90" in page.url
    assert "show=revenue" in page.url


def test_link_shows_same_numbers_in_both_languages(page: Page, site: str) -> None:
    values = []
    for lang in ("zh", "en"):
        visit(page, f"{site}/overview?days=7&lang={lang}")
        values.append(page.locator(".st-key-overview_tiles [data-testid=stMetricValue]").all_inner_texts())
    assert values[0][0] == values[1][0] == "1,838"
    assert len(values[0]) == len(values[1]) == 8


def test_reload_keeps_what_was_chosen(page: Page, site: str) -> None:
    visit(page, f"{site}/attribution")
    page.get_by_role("radio", name="投放").click()
    settle(page)
    page.reload()
    settle(page)
    assert "by=placement" in page.url


def test_dark_reader_gets_dark_page(browser: Browser, site: str) -> None:
    with opened(browser, site, dark=True) as page:
        visit(page, f"{site}/overview")
        ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == "rgb(18, 22, 28)"


def test_unreachable_api_says_so(page: Page, site: str, fake: FakeApi) -> None:
    fake.broken = {"/overview": 503}
    try:
        visit(page, f"{site}/overview?lang=en")
        assert page.get_by_text(book()["states.unreachable_title"]["en"]).is_visible()
        assert page.get_by_text("req-7f3a").is_visible()
    finally:
        fake.broken = {}


def test_stranger_is_led_to_login(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    visit(page, f"{site}/attribution")
    with page.expect_request(re.compile("/login")) as asked:
        page.get_by_role("button", name="Sign in").click()
    assert "next=http" in asked.value.url
    context.close()


def test_two_tabs_show_two_brands(browser: Browser, site: str) -> None:
    with opened(browser, site) as first:
        second = first.context.new_page()
        visit(first, f"{site}/overview?brand=t1")
        visit(second, f"{site}/overview?brand=t2")
        assert "CNY" in first.locator("[data-testid=stMain]").inner_text()
        assert "USD" in second.locator("[data-testid=stMain]").inner_text()
