"""The tab of doubtful cards: signs with their reasons, refused redemptions, and what can be done about both."""

from tests.admin_ui.conftest import OpenPage
from tests.admin_ui.fake_api import FakeApi


def test_signs_and_refusals_are_shown(open_page: OpenPage) -> None:
    tables = "".join(str(frame.value) for frame in open_page("placements", "en", placement="p1").dataframe)
    for words in ("one card, many browsers", "a burst of redemptions", "over the limit a person"):
        assert words in tables


def test_sign_is_marked_as_looked_at(open_page: OpenPage, fake: FakeApi) -> None:
    open_page("placements", "en", placement="p1").button(key="settle_sign").click().run()
    assert fake.sent[-1][1].endswith("/placements/p1/cards/signs/g1/settle")


def test_refused_redemption_is_put_back(open_page: OpenPage, fake: FakeApi) -> None:
    app = open_page("placements", "zh", placement="p1")
    app.button(key="accept_refused").click().run()
    app.button(key="sure").click().run()
    assert fake.sent[-1][1].endswith("/placements/p1/cards/refused/r1/accept")
    assert fake.keys[-1]


def test_viewer_only_looks_at_doubts(open_page: OpenPage, fake: FakeApi) -> None:
    fake.role = "brand_viewer"
    keys = {button.key for button in open_page("placements", "en", placement="p1").button}
    assert not keys & {"settle_sign", "accept_refused", "dismiss_refused"}
