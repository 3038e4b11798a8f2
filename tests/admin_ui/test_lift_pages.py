"""Who brought whom, and experiments: what is told, asked and sent."""

import pytest

from admin_ui import charts
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_card_tells_the_verdict(open_page: OpenPage, lang: str) -> None:
    shown = texts(open_page("experiments", lang))
    assert ("有效：每 100 人多 3.00 人下单。" if lang == "zh" else "3.00 more buyers in 100.") in shown
    assert "270" in shown


def test_ending_asks_before_it_ends(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("experiments", "en")
    assert "draws nobody any more" in texts(app)
    app.button(key="sure_e1").click().run()
    assert [(method, path.rsplit("/", 2)[1:]) for method, path, _ in fake.sent] == [("POST", ["e1", "end"])]


def test_viewer_cannot_begin_one(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("experiments", "en")
    assert not [button for button in app.button if button.key in ("new_experiment", "sure_e1")]


def test_new_experiment_is_sent(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("experiments", "en", experiment="new")
    app.button(key="start_experiment").click().run()
    assert app.error
    app.text_input(key="experiment_name").set_value("October").run()
    app.button(key="start_experiment").click().run()
    ((_, path, body),) = fake.sent
    assert path.endswith("/experiments")
    assert body == {"placement_id": "p1", "name": "October", "share": 0.1, "window_days": 14}


def test_refused_inviters_are_explained(open_page: OpenPage) -> None:
    shown = texts(open_page("referrals", "en"))
    assert "has an inviter already 3" in shown
    assert "420" in shown


def test_interval_shows_zero() -> None:
    scale = charts.interval(3.0, 1.4, 4.3, "x")["layer"][1]["encoding"]["x"]["scale"]
    assert scale["domain"] == [0.0, 4.3]
