"""Which addresses are ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.origins import Site

LOCAL = Site(hosts=frozenset({"localhost", "127.0.0.1"}), ports=frozenset({8400, 8401}), https=False)
PUBLIC = Site(hosts=frozenset({"siyu.example"}), ports=frozenset({8400, 8401}), https=True)


@pytest.mark.parametrize(
    "address", ["http://localhost:8401/attribution?brand=x", "http://127.0.0.1:8400", "/", "/a?b=c"]
)
def test_own_address_is_followed(address: str) -> None:
    assert LOCAL.safe_next(address, default="/home") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "http://localhost:8401@evil.test/",
        "http://localhost.evil.test:8401/",
        "http://user@localhost:8401/",
        "http://localhost:99999/",
        "http://localhost:22/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\tevil",
        " //evil.test",
        "http:///evil.test",
        "http://[::1",
        "relative/path",
    ],
)
def test_other_address_is_not_followed(address: str) -> None:
    assert LOCAL.safe_next(address, default="/home") == "/home"


def test_https_site_takes_no_http() -> None:
    assert PUBLIC.owns("https://siyu.example/attribution")
    assert not PUBLIC.owns("http://siyu.example/attribution")


def test_program_without_origin_may_submit() -> None:
    assert LOCAL.may_submit(origin=None, fetch_site=None)
    assert not LOCAL.may_write(origin=None, fetch_site=None)


@given(st.text(max_size=60))
def test_arbitrary_text_leads_nowhere_else(text: str) -> None:
    gone_to = LOCAL.safe_next(text, default="/home")
    assert gone_to.startswith("/") or LOCAL.owns(gone_to)
    assert not gone_to.startswith(("//", "/\\"))
