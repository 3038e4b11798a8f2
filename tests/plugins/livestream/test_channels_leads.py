"""Forms of WeChat Channels have no time of their own; what stands in for it is told."""

from datetime import timedelta
from typing import Any

import pytest

from plugins.livestream.wechat.leads import read_lead
from tests.plugins.livestream.makers import AT

ROW: dict[str, Any] = {"anchor_nickname": "小林", "leads_data": [{"title": "手机号", "value": "13900000009"}]}


@pytest.mark.parametrize(("hours", "named"), [(2, "session"), (None, "arrival")])
def test_time_of_a_form_is_named(hours: int | None, named: str) -> None:
    began = AT - timedelta(hours=hours or 0)
    row = ROW | ({"live_start_time": int(began.timestamp())} if hours else {})
    form = read_lead(row, component="901", received_at=AT)
    assert form is not None
    assert (form.at, form.origin["time_is"]) == (began, named)
