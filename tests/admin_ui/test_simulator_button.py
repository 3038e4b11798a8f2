"""The button of a simulated day: there while the simulator runs, and only for those who may change channels."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from admin_ui import settings
from core.simulator.stage import Simulator
from core.simulator.vendors.customers import Customers
from tests.admin_ui.fake_api import FakeApi
from tests.simulators import reachable

OpenPage = Callable[..., AppTest]


@pytest.fixture
def address() -> Iterator[str]:
    with reachable(Simulator(only=[Customers()])) as found:
        settings.current.cache_clear()
        yield found
    settings.current.cache_clear()


def button(app: AppTest) -> list[str]:
    return [one.label for one in app.button if one.key == "simulate_day"]


@pytest.mark.parametrize(("lang", "label"), [("zh", "模拟一天"), ("en", "Simulate a day")])
def test_button_lives_a_day(address: str, open_page: OpenPage, lang: str, label: str) -> None:
    app = open_page("overview", lang)
    assert button(app) == [label]
    app.button(key="simulate_day").click().run()
    assert not app.exception
    assert "0" in app.toast[0].value


def test_button_is_absent_without_simulator(open_page: OpenPage) -> None:
    assert button(open_page("overview")) == []


def test_button_is_absent_when_nobody_answers(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_SIMULATOR", "http://127.0.0.1:9")
    settings.current.cache_clear()
    assert button(open_page("overview")) == []
    settings.current.cache_clear()


def test_button_is_for_who_may_change_channels(address: str, fake: FakeApi, open_page: OpenPage) -> None:
    fake.role = "brand_viewer"
    assert button(open_page("overview")) == []
