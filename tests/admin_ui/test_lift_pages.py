"""Who brought whom, and experiments: what is told, asked and sent."""

import pytest

from admin_ui import charts
from admin_ui.credits import CALIBRATION, lines_of
from admin_ui.shapes.attribution import Credits
from tests.admin_ui import fake_data, fake_flows
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_card_tells_the_verdict(open_page: OpenPage, lang: str) -> None:
    shown = texts(open_page("experiments", lang))
    assert ("有效：每 100 人多 3.00 人下单。" if lang == "zh" else "3.00 more buyers in 100.") in shown
    assert "270" in shown


def test_ending_asks_before_it_ends(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("experiments", "en")
    app.button(key="end_e1").click().run()
    assert "draws nobody any more" in texts(app)
    assert not fake.sent
    app.button(key="sure").click().run()
    assert [(method, path.rsplit("/", 2)[1:]) for method, path, _ in fake.sent] == [("POST", ["e1", "end"])]


def test_viewer_cannot_begin_one(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("experiments", "en")
    assert not [button for button in app.button if button.key in ("new_experiment", "end_e1")]


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


def test_calibration_has_its_own_line() -> None:
    scaled = [{"model": "first", "conversions": 7.5, "value": 30.0}]
    lines = lines_of(Credits.model_validate({**fake_data.CREDITS, "calibration": scaled}), ["first"])
    assert (lines[-2].key, lines[-2].amount("first", "value")) == (CALIBRATION, 30.0)


def test_measured_stands_beside_models(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"experiment": "E", "key": "c1", "zh": "有效。", "en": "It works.", "value": None}
    answer = {**fake_data.CREDITS, "measured": [{**told, "buyers": {"total": 9.0, "low": 4.0, "high": 14.0}}]}
    monkeypatch.setattr(fake_data, "FULL", [("attribution/credits", answer), *fake_data.FULL])
    app = open_page("attribution", "en")
    assert "Measured by experiments" in texts(app)
    assert "9 (4 – 14)" in str(app.dataframe[-1].value)
    assert "It works" in texts(app)


def test_receipt_tells_of_inviters(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    part = {"level": 2, "channel": "Cards", "day": "2026-01-01", "amount": "16.00"}
    answer = {**fake_flows.RECEIPT, "upstream": [part]}
    monkeypatch.setattr(fake_data, "FULL", [("orders/[^/]+/receipt", answer), *fake_data.FULL])
    assert "Inviter 2 above" in texts(open_page("order", "en", order="o1"))


def test_agency_tells_who_sells(open_page: OpenPage) -> None:
    app = open_page("agency", "en")
    assert "包裹卡 75" in str(app.dataframe[1].value)
