"""The menu in a real browser: its groups, in both languages, for a role, and for somebody who cannot see them."""

import pytest
from playwright.sync_api import Browser, Page

from admin_ui.words import book
from tests.admin_ui.fake_api import FakeApi
from tests.browser.conftest import opened, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GROUPS = ("today", "reach", "people", "results", "settings")
HEADINGS = "[data-testid=stNavSectionHeader]"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_menu_shows_groups_in_language(page: Page, site: str, lang: str) -> None:
    visit(page, f"{site}/stores?lang={lang}")
    assert page.locator(HEADINGS).all_inner_texts() == [book()[f"frame.group_{code}"][lang] for code in GROUPS]


def test_group_is_list_named_by_heading(page: Page, site: str) -> None:
    visit(page, f"{site}/stores?lang=en")
    group = page.get_by_role("list", name="Reach", exact=True)
    group.wait_for()
    words = group.get_by_role("link").locator("[data-testid=stMarkdownContainer]")
    assert words.all_inner_texts() == ["Placements", "Campaigns", "Rewards", "Stores"]


def test_group_without_pages_has_no_heading(browser: Browser, site: str, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    try:
        with opened(browser, site) as page:
            visit(page, f"{site}/placements?lang=en")
            assert page.locator(HEADINGS).all_inner_texts() == ["Today", "Reach", "Results", "Data and settings"]
    finally:
        fake.role = "agency_owner"
