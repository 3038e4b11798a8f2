"""No secret that stands in an address reaches a log."""

import pytest

from core.logs import mask


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("POST /hooks/AbCdEf0123 500", "POST /hooks/*** 500"),
        ("GET /invite/AbCdEf0123?x=1", "GET /invite/***?x=1"),
        ("GET /s/AbCdEf0123456789 took 2 s", "GET /s/*** took 2 s"),
        ("GET /c/B1FPVYDDES6F5ZK9KT", "GET /c/***"),
        ("GET /l/Ab12Cd34/AbCdEf0123456789", "GET /l/Ab12Cd34/***"),
        ("bearer siyu_ab12_cdEF34", "bearer siyu_***"),
        ("GET /l/Ab12Cd34 and /v1/tenants/s/x", "GET /l/Ab12Cd34 and /v1/tenants/s/x"),
    ],
)
def test_secrets_in_addresses_are_masked(text: str, told: str) -> None:
    assert mask(text) == told
