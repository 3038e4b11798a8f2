"""The page of time: each part draws, says what it cannot say yet, and asks what the API asks."""

import pytest

from admin_ui import time_charts
from admin_ui.words import book
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

PARTS = ("funnel", "lag", "ripeness", "retention", "waves")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", PARTS)
def test_part_draws_without_error(open_page: OpenPage, part: str, lang: str) -> None:
    app = open_page("time", lang, part=part)
    assert not app.exception
    assert not app.error
    assert book()[f"time.how_{part}"][lang] in texts(app)


@pytest.mark.parametrize("part", PARTS)
def test_empty_part_has_next_step(open_page: OpenPage, fake: FakeApi, part: str) -> None:
    fake.full = False
    app = open_page("time", "en", part=part)
    assert not app.exception
    assert book()["time.empty_title"]["en"] in texts(app)


def test_young_cohort_is_not_judged(open_page: OpenPage) -> None:
    app = open_page("time", "en", part="ripeness")
    verdicts = app.dataframe[0].value["verdict"].tolist()
    assert [verdict.split(",")[0] for verdict in verdicts] == ["can be judged", "too early"]


def test_young_cohort_is_shaded() -> None:
    layers = time_charts.cells([("a", 1, 0.3, True)], ["a", "b"], "x", early={"b": "too early"})["layer"]
    assert layers[0]["data"]["values"] == [{"cohort": "b", "said": "too early"}]
    assert len(time_charts.cells([("a", 1, 0.3, True)], ["a"], "x")["layer"]) == len(layers) - 1


def test_wave_names_its_last_touch(open_page: OpenPage) -> None:
    app = open_page("time", "en", part="waves")
    assert "click · 短信 (25)" in str(app.dataframe[0].value["trigger"].tolist())


def test_cell_of_running_month_is_pale() -> None:
    spec = time_charts.cells([("a", 1, 0.3, False)], ["a"], "x")
    assert spec["data"]["values"] == [{"cohort": "a", "age": 1, "share": 0.3, "over": False, "label": "30%"}]
