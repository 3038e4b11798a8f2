"""The tab of a live session: orders by minute with quiet minutes drawn, and words where nothing was sold."""

from collections.abc import Sequence
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.admin_ui import fake_data
from tests.admin_ui.conftest import OpenPage, texts

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


@pytest.mark.parametrize(("language", "words"), [("zh", "还没有写明这一场的订单"), ("en", "No order placed during")])
def test_quiet_show_says_so(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, language: str, words: str) -> None:
    assert words in texts(open_show(open_page, monkeypatch, language, []))


def test_viewers_are_drawn_by_minute(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = texts(open_show(open_page, monkeypatch, "en", SALES, VIEWERS))
    assert "The most were there in minute 2: 1,300." in shown
    assert "No platform's interface tells viewers" in texts(open_show(open_page, monkeypatch, "en", SALES))
