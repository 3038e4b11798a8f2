"""One Chromium a test process: Playwright's synchronous door opens only once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path(os.environ.get("SIYU_CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("SIYU_REQUIRE_ALL") == "1":
            pytest.fail(f"no Chromium at {CHROMIUM}: install the package chromium")
        pytest.skip(f"no Chromium at {CHROMIUM}: install the package chromium, or set SIYU_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
