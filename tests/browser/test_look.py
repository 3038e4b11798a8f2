"""What only a browser can tell: requests, contrast and labels, width on a phone, languages, themes."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError

from admin_ui.pages import PAGES
from admin_ui.words import book
from tests.admin_ui.fake_api import FakeApi
from tests.browser.conftest import opened, settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES = [page.code for page in PAGES]
OWN = re.compile(r"(https?://localhost[:/]|data:|blob:|ws://localhost)")
CHINESE = re.compile("[一-鿿]")
# What Streamlit's own markup is found guilty of, whatever an app does: its charts' canvas and its sidebar's landmark.
OF_STREAMLIT = {"region", "landmark-one-main", "page-has-heading-one", "scrollable-region-focusable"}


@dataclass(frozen=True)
class Look:
    """What one visit in each language showed; pages are slow to open, so all tests share it."""

    strangers: list[str]
    faults: dict[str, list[str]]
    phone_width: int
    english: str
    html_lang: str


def faults_of(page: Page) -> dict[str, list[str]]:
    """What axe finds by rule: the start of each element at fault.

    What is gone on a second look was a part still being drawn, which a busy machine can hold back for seconds.
    """
    for _ in range(2):
        settle(page)
        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
        faults = {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in found}
        if not faults.keys() - OF_STREAMLIT:
            break
    return faults


def narrowed_width(page: Page, most: int) -> int:
    """How wide the page is once it has followed its window and stands still; wider only after a minute's waiting.

    A chart follows its window in two steps, and may be drawn wide once more by the first.
    """
    wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
    for _ in range(2):
        with contextlib.suppress(TimeoutError):
            page.wait_for_function(f"{wide} <= {most}", timeout=30_000)
        settle(page)
        width = int(page.evaluate(wide))
        if width <= most:
            break
    return width


@pytest.fixture(scope="module")
def look(browser: Browser, site: str) -> Callable[[str], Look]:
    @cache
    def looked(code: str) -> Look:
        asked: list[str] = []
        with opened(browser, site) as page:
            page.on("request", lambda request: asked.append(request.url))
            visit(page, f"{site}/{code}")
            faults = faults_of(page)
            page.set_viewport_size({"width": 390, "height": 844})
            width = narrowed_width(page, 390)
            visit(page, f"{site}/{code}?lang=en")
            with contextlib.suppress(TimeoutError):  # set by a script of the page, which nothing waits for
                page.wait_for_function("document.documentElement.lang === 'en'")
            english = page.locator("[data-testid=stMain]").inner_text()
            html_lang = str(page.evaluate("document.documentElement.lang"))
        return Look([url for url in asked if not OWN.match(url)], faults, width, english, html_lang)

    return looked


@pytest.mark.parametrize("code", CODES)
def test_page_keeps_to_its_own_host(look: Callable[[str], Look], code: str) -> None:
    assert look(code).strangers == []


@pytest.mark.parametrize("code", CODES)
def test_page_passes_axe(look: Callable[[str], Look], code: str) -> None:
    assert {rule: nodes for rule, nodes in look(code).faults.items() if rule not in OF_STREAMLIT} == {}


@pytest.mark.parametrize(
    "address",
    [
        *("placements?placement=p1", "campaigns?campaign=sent", "people?person=u2"),
        *("rewards?payout=w1", "rewards?reward=rules"),
    ],
)
def test_opened_thing_passes_axe(browser: Browser, site: str, address: str) -> None:
    with opened(browser, site, dark=True) as page:
        visit(page, f"{site}/{address}")
        faults = faults_of(page)
        page.set_viewport_size({"width": 390, "height": 844})
        width = narrowed_width(page, 390)
    assert width <= 390
    assert {rule: nodes for rule, nodes in faults.items() if rule not in OF_STREAMLIT} == {}


@pytest.mark.parametrize("code", CODES)
def test_page_fits_a_phone(look: Callable[[str], Look], code: str) -> None:
    assert look(code).phone_width <= 390


@pytest.mark.parametrize("code", CODES)
def test_english_page_has_no_chinese_of_ours(look: Callable[[str], Look], code: str) -> None:
    ours = {pair["zh"] for pair in book().values() if len(pair["zh"]) > 2 and CHINESE.search(pair["zh"])}
    assert not [text for text in ours if text in look(code).english]
    assert look(code).html_lang == "en"


def test_language_switch_keeps_page_and_filter(page: Page, site: str) -> None:
    visit(page, f"{site}/overview?days=90&show=revenue")
    page.get_by_role("radio", name="English").click()
    page.locator("h1", has_text="Overview").wait_for()
    assert "days=90" in page.url
    assert "show=revenue" in page.url


def test_link_shows_same_numbers_in_both_languages(page: Page, site: str) -> None:
    values = []
    for lang in ("zh", "en"):
        visit(page, f"{site}/overview?days=7&lang={lang}")
        shown = page.locator(".st-key-overview_tiles [data-testid=stMetricValue]")
        shown.nth(7).wait_for()
        values.append(shown.all_inner_texts())
    assert values[0][0] == values[1][0] == "1,838"


def test_reload_keeps_what_was_chosen(page: Page, site: str) -> None:
    visit(page, f"{site}/attribution")
    page.get_by_role("radio", name="投放").click()
    page.wait_for_url(re.compile("by=placement"))
    visit(page, page.url)
    assert "by=placement" in page.url


def test_dark_reader_gets_dark_page(browser: Browser, site: str) -> None:
    with opened(browser, site, dark=True) as page:
        visit(page, f"{site}/overview")
        ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert ground == "rgb(18, 22, 28)"


def test_dark_page_can_be_read_and_scanned(browser: Browser, site: str) -> None:
    colour = "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    with opened(browser, site, dark=True) as page:
        visit(page, f"{site}/placements?placement=p1")
        assert page.locator(".st-key-qr_box").evaluate(colour)[1] == "rgb(255, 255, 255)"
        visit(page, f"{site}/campaigns?campaign=sent")
        page.locator(".st-key-cancel_campaign button").click()
        page.locator(".st-key-sure button").wait_for()
        settle(page)
        # A dialog hangs beside the app's own element and must be dark, too.
        assert page.locator(".st-key-sure button").evaluate(colour)[0] == "rgb(18, 22, 28)"


def test_unreachable_api_says_so(page: Page, site: str, fake: FakeApi) -> None:
    fake.broken = {"/overview": 503}
    try:
        visit(page, f"{site}/overview?lang=en")
        page.get_by_text(book()["states.unreachable_title"]["en"]).wait_for()
        page.get_by_text("req-7f3a").wait_for()
    finally:
        fake.broken = {}


def test_stranger_is_led_to_login(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(60_000)
    visit(page, f"{site}/attribution")
    with page.expect_request(re.compile("/login")) as asked:
        page.get_by_role("button", name="Sign in").click()
    assert "next=http" in asked.value.url
    context.close()


def test_two_tabs_show_two_brands(browser: Browser, site: str) -> None:
    with opened(browser, site) as first:
        second = first.context.new_page()
        second.set_default_timeout(60_000)
        visit(first, f"{site}/overview?brand=t1")
        visit(second, f"{site}/overview?brand=t2")
        for tab, mine, other in ((first, "CNY", "USD"), (second, "USD", "CNY")):
            main = tab.locator("[data-testid=stMain]")
            main.filter(has_text=mine).wait_for()
            assert other not in main.inner_text()
