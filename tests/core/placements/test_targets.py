"""Where a link may lead."""

import pytest

from core.errors import Invalid
from core.placements.targets import clean_target, target_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://shop.example", "https://shop.example/"),
        (" https://商店.example/夏天?q=茶#顶 ", "https://xn--czrs0t.example/%E5%A4%8F%E5%A4%A9?q=%E8%8C%B6#%E9%A1%B6"),
        ("http://10.0.0.1:8080/a%20b?x=1&y=2", "http://10.0.0.1:8080/a%20b?x=1&y=2"),
        ("https://[::1]:8400/x", "https://[::1]:8400/x"),
    ],
)
def test_addresses_are_kept_as_ascii(given: str, kept: str) -> None:
    assert clean_target(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "//shop.example/",
        "shop.example",
        "https://",
        "https://user:secret@shop.example/",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https://shop.example:99999/",
        "https://shop.example/" + "a" * 2100,
        "https://" + "a" * 70 + ".example/",
        "",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        clean_target(given)


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://a.example/", "https://a.example/?siyu_code=AB"),
        ("https://a.example/?x=1", "https://a.example/?x=1&siyu_code=AB"),
        ("https://a.example/?x=1#top", "https://a.example/?x=1&siyu_code=AB#top"),
    ],
)
def test_code_is_put_into_the_query(url: str, location: str) -> None:
    assert target_of(url, tells_code=True).location("AB") == location
    assert target_of(url, tells_code=False).location("AB") == url
