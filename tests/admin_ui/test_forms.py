"""A plugin's form: what its schema says is what people see."""

from tests.admin_ui.conftest import OpenPage


def test_choice_shows_its_words(open_page: OpenPage) -> None:
    app = open_page("channels", "zh", channel="c2")
    box = next(box for box in app.selectbox if box.label == "Mode")
    assert list(box.options) == ["甲", "b"]
    assert box.value == "a"
