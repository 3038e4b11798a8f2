"""The source of a visit is read from its marks, then from its referrer."""

import pytest

from core.sdk import read_traffic

SHOP = "https://shop.example.com/p"


@pytest.mark.parametrize(
    ("url", "referrer", "source", "medium", "is_marked"),
    [
        (f"{SHOP}?utm_source=card&utm_medium=print", "", "card", "print", True),
        (f"{SHOP}?gclid=abc", "https://www.google.com/", "google", "cpc", True),
        (f"{SHOP}?bd_vid=1", "", "baidu", "cpc", True),
        (f"{SHOP}?qz_gdt=1", "", "tencent", "cpc", True),
        (f"{SHOP}?utm_source=news&gclid=1", "", "news", "", True),
        (f"{SHOP}?siyu_code=Ab12Cd34", "", "", "", True),
        (SHOP, "https://www.baidu.com/s?wd=x", "baidu", "organic", False),
        (SHOP, "https://www.google.com.hk/", "google", "organic", False),
        (SHOP, "https://m.weibo.cn/", "weibo", "social", False),
        (SHOP, "https://at.community/", "at.community", "referral", False),
        (SHOP, "https://t.co/x", "x", "social", False),
        (SHOP, "https://shop.example.com/", "", "", False),
        (SHOP, "https://pay.example.com/", "", "", False),
        (SHOP, "", "", "", False),
        ("http://[bad", "http://[bad", "", "", False),
        (f"{SHOP}?" + "&".join(f"a{n}=1" for n in range(300)), "", "", "", False),
    ],
)
def test_source_is_read(url: str, referrer: str, source: str, medium: str, is_marked: bool) -> None:
    traffic = read_traffic(url, referrer=referrer, own_hosts=("pay.example.com",))
    assert (traffic.source, traffic.medium, traffic.is_marked) == (source, medium, is_marked)


def test_campaign_of_the_sdk_counts() -> None:
    traffic = read_traffic(SHOP, campaign={"source": "card", "name": "p1", "term": None})
    assert traffic.as_detail() == {"utm_source": "card", "utm_campaign": "p1"}
    assert traffic.is_marked


def test_address_wins_over_campaign() -> None:
    assert read_traffic(f"{SHOP}?utm_source=a", campaign={"source": "b"}).source == "a"


def test_hostile_values_are_cut() -> None:
    traffic = read_traffic(f"{SHOP}?utm_source=a%00b&utm_term={'x' * 600}")
    assert traffic.source == "ab"
    assert len(traffic.term) == 500
