"""The host's card is read back by another reader, also with a fifth of its code covered; the words name the code."""

from core.sdk import Code, Placement
from plugins.livestream.plugin import LiveChannel
from tests.plugins.livestream.makers import make_settings
from tests.readers import read_qr_codes, render_pages

CODE = Code(serial="Ab12Cd34", url="https://go.example.com/t/Ab12Cd34?q")
SHOW = Placement(
    id="p1", name="周五场", brand="山野", detail={"spoken": "龙井88", "products": "龙井\n红茶", "host": "小林"}
)


def test_printed_code_is_read_back() -> None:
    card, words = LiveChannel().publish(SHOW, [CODE], make_settings())
    assert read_qr_codes(render_pages(card.body)[0]) == {CODE.url}
    assert "龙井88" in words.body.decode()
    assert CODE.url in words.body.decode()


def test_nothing_is_printed_without_a_link() -> None:
    assert list(LiveChannel().publish(SHOW, [], make_settings())) == []
