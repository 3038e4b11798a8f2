"""The page of stores: clerks first, whole stores and places a click away; a clerk's page is made and taken back."""

import pytest

from tests.admin_ui import fake_data
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi
from tests.admin_ui.fake_lift import ANNA


def test_clerks_come_first(open_page: OpenPage) -> None:
    app = open_page("stores", "en")
    table = str(app.dataframe[0].value)
    assert "Anna A017" in table
    assert "¥4,820.50" in table
    assert list(app.dataframe[0].value["checked_in_n"]) == ["47"]


@pytest.mark.parametrize("view", ["stores", "places"])
def test_other_views_show_stores(open_page: OpenPage, view: str) -> None:
    app = open_page("stores", "en", by=view)
    assert "Jing'an" in str(app.dataframe[0].value)
    assert "Anna A017" not in str(app.dataframe[0].value)


def test_free_contacts_have_no_price(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {**ANNA, "contacts": 15, "cost": "0.00", "cost_per_contact": 0.0}
    board = {"currency": "CNY", "staff": [free], "places": [], "stores": []}
    monkeypatch.setattr(fake_data, "FULL", [(r"stores/board", board), *fake_data.FULL])
    assert list(open_page("stores", "en").dataframe[0].value["per_contact_n"]) == ["—"]


def test_brand_without_stores_is_told_how(open_page: OpenPage, fake: FakeApi) -> None:
    fake.full = False
    assert "No stores yet" in texts(open_page("stores", "en"))


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    path, one = next((path, one) for path, one in fake_data.FULL if path == r"placements/[^/]+")
    changed = {**one, "detail": {"place": "staff", "code": "A017"}, "name": ANNA["name"]}
    monkeypatch.setattr(fake_data, "FULL", [(path, changed), *fake_data.FULL])


@pytest.mark.usefixtures("clerk")
def test_clerks_link_is_shown_and_closed(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    assert any("/s/Ab12Cd34" in block.value for block in app.code)
    app.button(key="clerk_close").click().run()
    app.button(key="sure").click().run()
    assert [(method, path.rpartition("/")[2]) for method, path, _ in fake.sent] == [("DELETE", "clerk_page")]


@pytest.mark.usefixtures("clerk")
def test_viewer_sees_no_clerks_link(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("placements", "en", placement="p1")
    assert not any("/s/" in block.value for block in app.code)
