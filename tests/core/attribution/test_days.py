"""Local days, also where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attribution.days import EPOCH, day_text, local_days

ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu"])
@given(seconds=st.lists(st.integers(-86_400 * 400, 86_400 * 365 * 100), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_days_equal_the_calendars(zone: str, seconds: list[int]) -> None:
    found = local_days(np.array(seconds, np.int64) * 1_000_000, zone=zone)
    local = [(ORIGIN + timedelta(seconds=one)).astimezone(ZoneInfo(zone)).date() for one in seconds]
    assert found.tolist() == [(day - EPOCH).days for day in local]


def test_clock_change_moves_midnight() -> None:
    instants = [datetime(2026, 3, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)]
    ts = np.array([int(at.timestamp()) * 1_000_000 for at in instants])
    assert [day_text(day) for day in local_days(ts, zone="Europe/London").tolist()] == ["2026-03-28", "2026-03-30"]


def test_far_instants_cost_nothing() -> None:
    far = [datetime(1, 1, 3, 12, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 12, tzinfo=UTC)]
    ts = np.array([(at - ORIGIN) // timedelta(microseconds=1) for at in far], np.int64)
    assert [day_text(day) for day in local_days(ts, zone="Europe/London").tolist()] == [
        "0001-01-03",
        "2026-01-01",
        "9999-12-31",
    ]
