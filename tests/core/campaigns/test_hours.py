"""Quiet hours in the brand's own day."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaigns.hours import SendingHours

CASES = {
    "open": ("2026-03-01T04:00", "2026-03-01T04:00"),  # noon in Shanghai
    "too early": ("2026-02-28T22:00", "2026-03-01T00:00"),  # 06:00 waits for 08:00
    "too late": ("2026-03-01T14:30", "2026-03-02T00:00"),  # 22:30 waits for tomorrow
    "the last minute": ("2026-03-01T13:59", "2026-03-01T13:59"),
    "closing time": ("2026-03-01T14:00", "2026-03-02T00:00"),
}


@pytest.mark.parametrize("name", CASES)
def test_window_opens_in_local_time(name: str) -> None:
    now, opens = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in CASES[name])
    assert SendingHours().next_open(now, "Asia/Shanghai") == opens


@given(st.integers(1_577_836_800, 1_893_456_000), st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]))
def test_next_opening_is_open_and_soon(moment: int, zone: str) -> None:
    now = datetime.fromtimestamp(moment, UTC)
    hours = SendingHours(time(9), time(18))
    opens = hours.next_open(now, zone)
    assert now <= opens <= now + timedelta(hours=25)
    assert hours.next_open(opens, zone) == opens
