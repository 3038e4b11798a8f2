"""The tab of a batch's cards: states, moves of a range, packing lists with their refused rows, and undo."""

import pytest

from admin_ui import uploader
from tests.admin_ui import fake_cards, fake_data
from tests.admin_ui.conftest import OpenPage, texts
from tests.admin_ui.fake_api import FakeApi


def test_states_and_moves_are_shown(open_page: OpenPage) -> None:
    app = open_page("placements", "en", placement="p1")
    assert {"Printed", "Active", "Void"} <= {metric.label for metric in app.metric}
    table = next(str(frame.value) for frame in app.dataframe if "Packing list" in str(frame.value))
    assert "undo: Restore" in table
    assert "work once they are active" in texts(app)


def test_refused_rows_are_told(open_page: OpenPage) -> None:
    app = open_page("placements", "en", placement="p1")
    assert any("no card as it says" in str(frame.value) for frame in app.dataframe)


def test_range_is_moved_after_a_question(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    app.number_input(key="cards_last").set_value(20).run()
    app.button(key="cards_move").click().run()
    assert "cards 1 to 20, 20 in all" in texts(app)
    app.button(key="sure").click().run()
    assert fake.sent[-1][1].endswith("/placements/p1/cards/moves")
    assert fake.sent[-1][2] == {"deed": "activate", "first": 1, "last": 20}
    assert fake.keys[-1]


def test_last_move_is_taken_back(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    app.button(key="cards_undo").click().run()
    app.button(key="sure").click().run()
    assert fake.sent[-1][:2][1].endswith("/cards/moves/v1/undo")


def test_rule_is_changed_with_the_other_fields_kept(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    app.button(key="cards_rule").click().run()
    app.button(key="sure").click().run()
    assert fake.sent[-1][2] == {"detail": {"sku": "T-1", "only_after_shipping": False}}


def test_viewer_moves_no_cards(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    app = open_page("placements", "en", placement="p1")
    assert "cards_move" not in {button.key for button in app.button}
    assert {"Printed", "Void"} <= {metric.label for metric in app.metric}


def test_running_move_is_watched(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    running = {**fake_cards.CARDS, "moves": [{**fake_cards.MOVE, "state": "running"}]}
    monkeypatch.setattr(fake_data, "FULL", [(r"placements/[^/]+/cards", running), *fake_data.FULL])
    app = open_page("placements", "en", placement="p1")
    assert "Working" in texts(app)
    assert "cards_undo" not in {button.key for button in app.button}


def test_scan_rate_is_drawn_and_told_by_sku(open_page: OpenPage) -> None:
    app = open_page("placements", "en", placement="p1")
    tables = "".join(str(frame.value) for frame in app.dataframe)
    assert "A-1" in tables
    assert "¥4.38" in tables
    assert "50" in tables


def test_artwork_is_shown_as_it_prints(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    assert [path for path in fake.asked if "preview.png" in path]
    assert "no real card" in texts(app)


def test_print_without_artwork_is_drawn_when_asked(
    open_page: OpenPage, fake: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_data, "FULL", [(r"placements/[^/]+/art", {"items": [], "next": None}), *fake_data.FULL])
    app = open_page("placements", "en", placement="p1")
    assert not [path for path in fake.asked if "preview.png" in path]
    app.toggle(key="art_preview_False").set_value(True).run()
    assert [path for path in fake.asked if "preview.png" in path]


def test_artwork_may_be_chosen_as_pdf(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, str] = {}
    monkeypatch.setattr(uploader, "draw", lambda kind, *, to="", choose="", accept="": offered.update({kind: accept}))
    open_page("placements", "en", placement="p1")
    assert {kind: accept.split(",") for kind, accept in offered.items() if kind.startswith("art_")} == {
        side: [".png", ".jpg", ".jpeg", ".pdf"] for side in ("art_front", "art_back")
    }


def test_artwork_is_removed(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "en", placement="p1")
    assert "1134 x 709 pixels" in texts(app)
    app.button(key="art_remove_front").click().run()
    assert (fake.sent[-1][0], fake.sent[-1][1].rpartition("/p1/")[2]) == ("DELETE", "art/front")
