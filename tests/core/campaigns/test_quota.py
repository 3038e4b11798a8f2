"""What an account's daily quota lets through, told before a campaign starts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import clock
from core.campaigns.preview import preview
from core.campaigns.quota import Forecast, count_today, forecast, weigh
from core.db import reading
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.core.campaigns.sends import NOON, Script, ScriptedHost, accept, make_campaign, make_people, start

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.parametrize(
    ("daily", "used", "expected", "can_go", "days"),
    [
        (10_000, 0, 8_213, 8_213, 1),
        (10_000, 1_787, 10_000, 8_213, 2),
        (1_000, 1_000, 1, 0, 2),
        (1_000, 1_200, 2_000, 0, 3),
        (1_000, 0, 1_000, 1_000, 1),
        (1_000, 500, 0, 0, 0),
    ],
)
def test_quota_is_weighed_by_days(daily: int, used: int, expected: int, can_go: int, days: int) -> None:
    assert weigh(daily, used, expected) == Forecast(daily, used, expected, can_go, days)


def test_only_messages_of_today_are_counted(tenant: Tenant, scripted: Callable[[Script], ScriptedHost]) -> None:
    make_people(tenant, 3)
    scripted(accept)
    campaign = make_campaign(tenant)
    start(tenant, campaign)
    run_pending()
    with reading(tenant.number) as session:
        assert count_today(session, campaign.channel_number) == 3
        assert count_today(session, campaign.channel_number + 1) == 0
        assert forecast(session, campaign.channel_number, {"daily_quota": 5}, 4) == {
            "daily": 5, "used": 3, "expected": 4, "can_go": 2, "days": 2,
        }  # fmt: skip
    with clock.set_to(NOON + timedelta(days=1)), reading(tenant.number) as session:
        assert count_today(session, campaign.channel_number) == 0


def test_unknown_quota_is_not_guessed(tenant: Tenant) -> None:
    make_people(tenant, 2)
    campaign = make_campaign(tenant)
    with reading(tenant.number) as session:
        assert preview(session, campaign)["quota"] is None
