"""Pages in a real browser: Chromium, and the frame on a fake API that runs as a server."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.admin_ui.fake_api import FakeApi
from tests.admin_ui.fake_server import serve
from tests.servers.siyu import REPOSITORY, free_port, status, until

CHROMIUM = Path(os.environ.get("SIYU_CHROMIUM", "/usr/bin/chromium"))
IDLE = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


@pytest.fixture(scope="session")
def fake() -> FakeApi:
    return FakeApi()


@pytest.fixture(scope="session")
def site(fake: FakeApi) -> Iterator[str]:
    """The address of the pages; their API is `fake`, so that a test may change what it answers."""
    api_port, ui_port = free_port(), free_port()
    server = serve(fake, api_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {**os.environ, "SIYU_API_URL": f"http://localhost:{api_port}", "SIYU_UI_PORT": str(ui_port)}
    process = subprocess.Popen([sys.executable, "-m", "admin_ui"], cwd=REPOSITORY, env=environment)
    try:
        until(lambda: status(ui_port, "/_stcore/health") == 200, seconds=90, otherwise="the pages did not start")
        yield f"http://localhost:{ui_port}"
    finally:
        process.terminate()
        process.wait(60)
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def opened(browser: Browser, site: str, *, width: int = 1440, height: int = 900, dark: bool = False) -> Iterator[Page]:
    """A page of somebody who is signed in."""
    scheme = "dark" if dark else "light"
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="zh-CN",
    )
    context.add_cookies([{"name": "siyu", "value": "good", "url": site, "httpOnly": True}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with opened(browser, site) as ready:
        yield ready


def visit(page: Page, address: str) -> None:
    """Go there and wait until the script has run and the page stands still."""
    page.goto(address)
    # The app counts as idle also before its first run, which on a busy machine can be a while.
    page.wait_for_selector("[data-testid=stMain] h1, [data-testid=stMain] [class*=st-key-state_]")
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit is idle and half a second brought no change of the page."""
    page.wait_for_selector(IDLE)
    page.wait_for_function(
        """() => {
            const seen = window.__seen ??= {at: performance.now()};
            if (!seen.on) {
                seen.on = new MutationObserver(() => { seen.at = performance.now(); });
                seen.on.observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true});
            }
            // A fade is no change of the document, and what is half faded in is too pale to be judged.
            const fading = document.getAnimations().some(
                (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity);
            return !fading && performance.now() - seen.at > 500;
        }"""
    )
    page.wait_for_selector(IDLE)
