"""A newcomer's first day on the real platform: sign in, make a brand, bring a file, see its attribution."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import settle, visit
from tests.servers.siyu import REPOSITORY, Running, running_siyu

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.slow]

PASSWORD = "a pot of oolong at nine"
FILE = """customer_id,time,channel,interaction,conversion,conversion_value
a,2026-07-01 09:00,Cards,scan,0,0
a,2026-07-02 09:00,Ads,click,0,0
a,2026-07-03 09:00,Ads,click,1,100.00
b,2026-07-01 10:00,Cards,scan,1,50.50
c,2026-07-01 11:00,Ads,click,0,0
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_siyu(tmp_path_factory.mktemp("day") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def invitation(platform: Running) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "core.cli", "agencies", "create", "Tea", "--owner", "owner@example.com"],
        cwd=REPOSITORY, env=dict(platform.environment), capture_output=True, text=True, check=True,
    )  # fmt: skip
    link = re.search(r"/invite/\S+", made.stdout)
    assert link, made.stdout
    return platform.api + link.group()


def test_file_becomes_attribution(browser: Browser, platform: Running, invitation: str, tmp_path: Path) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 1400}, locale="en-GB").new_page()
    page.set_default_timeout(90_000)
    _sign_in(page, platform, invitation)
    _make_brand(page, platform)
    (tmp_path / "tea.csv").write_text(FILE)
    _bring(page, platform, tmp_path / "tea.csv")
    assert _figures(page, "import_tiles")[1:3] == ["5", "2"]
    _run(page, platform)
    assert page.get_by_text("run ", exact=False).first.is_visible()


def _sign_in(page: Page, platform: Running, invitation: str) -> None:
    page.goto(invitation)
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    page.locator("form button").first.click()
    visit(page, f"{platform.pages}/overview")


def _make_brand(page: Page, platform: Running) -> None:
    visit(page, f"{platform.pages}/agency")
    page.locator(".st-key-new_brand_name input").fill("Tea house")
    page.get_by_role("button", name="Create the brand").click()
    settle(page)


def _bring(page: Page, platform: Running, path: Path) -> None:
    visit(page, f"{platform.pages}/import")
    page.locator(".st-key-upload_box input[type=file]").set_input_files(path)
    page.locator("[class*=st-key-create_] label").first.click()
    page.locator(".st-key-look button").click()
    settle(page)
    page.locator(".st-key-start_import button").click()
    page.wait_for_selector(".st-key-import_tiles")
    settle(page)


def _run(page: Page, platform: Running) -> None:
    visit(page, f"{platform.pages}/attribution")
    if page.locator(".st-key-credits_box").count() == 0:
        page.get_by_role("button", name="Run attribution").click()
    page.wait_for_selector(".st-key-credits_box canvas")
    settle(page)


def _figures(page: Page, key: str) -> list[str]:
    return page.locator(f".st-key-{key} [data-testid=stMetricValue]").all_inner_texts()
