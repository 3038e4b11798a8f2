"""A page driven without a browser: the real frame on a fake API."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from admin_ui import client, session
from tests.admin_ui.fake_api import FakeApi, transport_of

MAIN = str(Path(__file__).resolve().parents[2] / "admin_ui" / "main.py")

OpenPage = Callable[..., AppTest]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    api = FakeApi()
    monkeypatch.setattr(client, "transport", transport_of(api))
    monkeypatch.setattr(session, "token", lambda: "good")
    monkeypatch.setattr("admin_ui.frame.token", lambda: session.token())
    yield api


@pytest.fixture
def open_page(fake: FakeApi) -> OpenPage:
    """Opens the page of a code, in a language, with parameters in the address."""

    def opened(code: str, lang: str = "zh", **query: str) -> AppTest:
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in query.items():
            app.query_params[name] = value
        # The pages are callables, and AppTest switches only to files; a page's hash is that of its address.
        app._page_hash = calc_hash(code)
        return app.run()

    return opened


def texts(app: AppTest) -> str:
    """All that can be read on the page."""
    kinds = ("title", "header", "markdown", "caption", "info", "warning", "error", "success", "metric")
    parts: list[str] = []
    for kind in kinds:
        for element in app.get(kind):
            parts.append(str(getattr(element, "label", "") or ""))
            parts.append(str(getattr(element, "value", "") or ""))
    return "\n".join(parts)
