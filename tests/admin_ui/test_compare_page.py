"""Two runs side by side on the page: what is asked, shown, sent and said when it cannot be."""

from typing import Any

import pytest

from admin_ui import compare_charts
from admin_ui.compare_charts import Ends
from admin_ui.shapes.compare import Comparison
from tests.admin_ui import fake_data, fake_runs
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi


def tables(app: Any) -> str:
    return "\n".join(str(table.value.to_string()) for table in app.dataframe)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_sides_and_difference_stand(open_page: OpenPage, fake: FakeApi, lang: str) -> None:
    app = open_page("attribution", lang, tab="compare", model="last")
    assert not app.exception
    asked = [one for one in fake.asked if "attribution/compare" in one]
    assert "run=run-87654321" in asked[0] and "with=run-12345678" in asked[0]
    shown = tables(app)
    assert "¥1,040.00" in shown and "¥1,160.50" in shown and "+¥120.50" in shown
    assert ("+1.2 个百分点" if lang == "zh" else "+1.2 pp") in shown
    assert ("变化最大的是 官网" if lang == "zh" else "What moved most is 官网") in texts(app)


def test_options_say_what_differs(open_page: OpenPage) -> None:
    shown = tables(open_page("attribution", "en", tab="compare"))
    assert "click=2.0" in shown and "Never count" in shown
    assert any("Lookback window" in line and "≠" in line for line in shown.splitlines())
    assert any("Where a journey starts" in line and "=" in line for line in shown.splitlines())


def test_runs_can_be_chosen_by_address(open_page: OpenPage, fake: FakeApi) -> None:
    open_page("attribution", "en", tab="compare", run="run-12345678", **{"with": "run-87654321"}, by="day")
    asked = [one for one in fake.asked if "attribution/compare" in one]
    assert "run=run-12345678" in asked[0] and "by=day" in asked[0]


def test_one_run_is_too_few(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    only = ("attribution/runs", {"items": [fake_data.RUN], "next": None})
    monkeypatch.setattr(fake_data, "FULL", [only, *fake_data.FULL])
    assert "no two runs to compare" in texts(open_page("attribution", "en", tab="compare"))


@pytest.mark.parametrize("snapshot", ["same", "newest"])
def test_run_is_made_again(open_page: OpenPage, fake: FakeApi, snapshot: str) -> None:
    app = open_page("attribution", "en", tab="compare")
    app.button(key=f"again_run_{snapshot}").click().run()
    ((method, path, body),) = fake.sent
    assert (method, path.split("/")[-2:], body) == ("POST", ["run-87654321", "again"], {"snapshot": snapshot})


def test_reader_cannot_run_again(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("attribution", "en", tab="compare")
    assert "¥1,160.50" in tables(app)
    assert not [button for button in app.button if str(button.key).startswith("again_")]


def test_refusal_is_told_in_place(open_page: OpenPage, fake: FakeApi) -> None:
    fake.broken["attribution/compare"] = 422
    app = open_page("attribution", "en", tab="compare")
    assert app.error and app.title
    assert not app.exception


def test_dumbbell_joins_both_ends() -> None:
    spec = compare_charts.dumbbell([Ends("a", 1.0, 3.0, (0.5, 1.5)), Ends("b", 2.0, 2.0)], ("x", "y"), "t")
    rows = {(row["name"], row["side"]): (row["low"], row["value"], row["high"]) for row in spec["data"]["values"]}
    assert rows["a", "x"] == (0.5, 1.0, 1.5)
    assert rows["a", "y"] == (3.0, 3.0, 3.0)
    assert spec["encoding"]["y"]["sort"] == ["a", "b"]


def test_fake_comparison_reconciles() -> None:
    found = Comparison.model_validate(fake_runs.compared(fake_data.RUN, fake_data.MODELS, fake_data.CHANNELS))
    for total in found.totals:
        parts = [one for one in [*found.rows, *found.unattributed] if one.model == total.model]
        assert sum(one.value_difference for one in parts) == pytest.approx(total.value_difference)
