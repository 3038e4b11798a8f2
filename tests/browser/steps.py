"""What an operator does on the real pages, step by step: sign in, make a brand, bring a file, run attribution."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from admin_ui.words import book
from tests.browser.conftest import settle, visit
from tests.servers.siyu import REPOSITORY, Running

PASSWORD = "a pot of oolong at nine"


def invite_owner(platform: Running) -> str:
    """The link by which the owner of a new agency chooses a password."""
    made = subprocess.run(
        [sys.executable, "-m", "core.cli", "agencies", "create", "Tea", "--owner", "owner@example.com"],
        cwd=REPOSITORY, env=dict(platform.environment), capture_output=True, text=True, check=True,
    )  # fmt: skip
    link = re.search(r"/invite/\S+", made.stdout)
    assert link, made.stdout
    return platform.api + link.group()


def sign_in(page: Page, platform: Running, invitation: str) -> None:
    page.goto(invitation)
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("form button").first.click()
    visit(page, f"{platform.pages}/overview")


def make_brand(page: Page, platform: Running, name: str = "Tea house") -> None:
    visit(page, f"{platform.pages}/agency")
    page.locator(".st-key-new_brand_name input").fill(name)
    page.get_by_role("button", name="Create the brand").click()
    page.get_by_text(t_en("agency.new_made", name=name)).first.wait_for()
    settle(page)


def bring_file(page: Page, platform: Running, path: Path) -> None:
    visit(page, f"{platform.pages}/import")
    page.locator(".st-key-upload_box input[type=file]").set_input_files(path)
    page.locator("[class*=st-key-create_] label").first.click()
    page.locator(".st-key-look button").click()
    settle(page)
    page.locator(".st-key-start_import button").click()
    page.locator(".st-key-sure button").click()
    page.wait_for_selector(".st-key-import_tiles")
    settle(page)


def run_attribution(page: Page, platform: Running) -> None:
    visit(page, f"{platform.pages}/attribution")
    button = page.get_by_role("button", name="Run attribution")
    page.locator(".st-key-credits_box").or_(button).first.wait_for()
    if page.locator(".st-key-credits_box").count() == 0:
        button.click()
    page.wait_for_selector(".st-key-credits_box canvas")
    settle(page)


def figures_of(page: Page, key: str) -> list[str]:
    return page.locator(f".st-key-{key} [data-testid=stMetricValue]").all_inner_texts()


def wait_for_figures(page: Page, key: str, *wanted: str, start: int) -> None:
    """Wait until the tiles from `start` on show these: a page is there before the work that it counts is done."""
    tiles = page.locator(f".st-key-{key} [data-testid=stMetricValue]")
    for place, text in enumerate(wanted, start):
        expect(tiles.nth(place)).to_have_text(text, timeout=90_000)


def t_en(key: str, **values: str) -> str:
    """What a page says in English."""
    return book()[key]["en"].format(**values)
