"""The tab of a live session: orders by minute with quiet minutes drawn, and words where nothing was sold."""

from collections.abc import Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_ui import charts, uploader
from tests.admin_ui import fake_data
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi

SALES = [{"minute": 2, "orders": 1, "revenue": "9.50"}, {"minute": 4, "orders": 3, "revenue": "30.00"}]


VIEWERS = [{"minute": 1, "viewers": 120}, {"minute": 2, "viewers": 1300}]


def open_show(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, sales: list[Any], viewers: Sequence[Any] = ()
) -> AppTest:
    changed: list[Any] = []
    for path, one in fake_data.FULL:
        told = one
        if path == "plugins":
            told = {**one, "items": [{**plugin, "is_show": True} for plugin in one["items"]]}
        if path == r"placements/[^/]+":
            told = {**one, "stats": {**one["stats"], "views": 4321}}
        changed.append((path, told))
    lists = [("minutes", []), ("minutes/orders", sales), ("minutes/viewers", [*viewers]), ("claims", [])]
    found = [(f"placements/[^/]+/{path}", {"items": items, "next": None}) for path, items in lists]
    monkeypatch.setattr(fake_data, "FULL", [*found, *changed])
    return open_page("placements", language, placement="p1")


def test_orders_are_drawn_by_minute(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = texts(open_show(open_page, monkeypatch, "en", SALES))
    assert "4 orders in the show" in shown
    assert "the best minute is 4, with 3" in shown
    assert "4,321" in shown


def test_bars_stand_where_their_minutes_are() -> None:
    spec = charts.by_minute([(11, "click", 2), (26, "click", 1)], "Touches", "Minute", wide=5)
    assert [(one["minute"], one["until"]) for one in spec["data"]["values"]] == [(11, 16), (26, 31)]
    assert (spec["encoding"]["x"]["bin"], spec["encoding"]["x2"]) == ({"binned": True, "step": 5}, {"field": "until"})


@pytest.mark.parametrize(("language", "words"), [("zh", "还没有写明这一场的订单"), ("en", "No order placed during")])
def test_quiet_show_says_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, words: str) -> None:
    assert words in texts(open_show(open_page, monkeypatch, language, []))


def test_viewers_are_drawn_by_minute(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = texts(open_show(open_page, monkeypatch, "en", SALES, VIEWERS))
    assert "The most were there in minute 2: 1,300." in shown
    assert "No platform's interface tells viewers" in texts(open_show(open_page, monkeypatch, "en", SALES))


def test_chosen_table_is_looked_at_and_taken(
    open_page: OpenPage, fake: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: dict[str, Any] = {"header": ["分钟", "人数"], "minute_column": "分钟", "viewers_column": "人数"}
    read |= {"sample": [["1", "9"]], "minutes": 1, "refused": [3]}
    monkeypatch.setattr(fake_data, "MADE", [("minutes/viewers/preview", read), *fake_data.MADE])
    monkeypatch.setattr(uploader, "read_text", lambda kind, *, choose: "分钟,人数\n1,9\nx,1\n")
    app = open_show(open_page, monkeypatch, "zh", [])
    assert "读到 1 分钟，1 行读不出来" in texts(app)
    app.button(key="keep_viewers").click().run()
    ((path, body),) = [(path, body) for method, path, body in fake.sent if method == "PUT"]
    assert path == "/v1/tenants/t1/placements/p1/minutes/viewers"
    assert body == {"table": "分钟,人数\n1,9\nx,1\n", "minute_column": "分钟", "viewers_column": "人数"}
