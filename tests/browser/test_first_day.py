"""A newcomer's first day on the real platform: sign in, make a brand, bring a file, see its attribution."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.steps import bring_file, invite_owner, make_brand, run_attribution, sign_in, wait_for_figures
from tests.servers.siyu import Running, running_siyu

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.slow]

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


def test_file_becomes_attribution(browser: Browser, platform: Running, tmp_path: Path) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 1400}, locale="en-GB").new_page()
    page.set_default_timeout(90_000)
    sign_in(page, platform, invite_owner(platform))
    make_brand(page, platform)
    (tmp_path / "tea.csv").write_text(FILE)
    bring_file(page, platform, tmp_path / "tea.csv")
    wait_for_figures(page, "import_tiles", "5", "2", start=1)
    run_attribution(page, platform)
    page.get_by_text("run ", exact=False).first.wait_for()
