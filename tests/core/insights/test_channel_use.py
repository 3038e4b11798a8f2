"""What a channel's account used of its day, and what is foreseen of the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from core import clock
from core.campaigns import sending
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.ingest.calls import counted, expire_calls, note_calls
from core.insights.channel_use import ChannelUse, read_use, rounds_left
from core.jobs.runner import run_pending
from core.sdk.tally import note_request
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.campaigns.sends import NOON, ScriptedHost, accept, make_campaign, make_people, start
from tests.factories.channels import make_channel

MIDNIGHT = datetime(2026, 3, 2, 16, tzinfo=UTC)
SMS: dict[str, JsonValue] = {"signature": "山野茶事", "daily_quota": 10}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def use_of(tenant: Tenant, channel: int) -> ChannelUse:
    with reading(tenant.number) as session:
        return read_use(session, channel_by_number(session, channel))


def pull(tenant: Tenant, channel: int, requests: int, *, verb: str = "pull") -> None:
    with counted(tenant.number, channel, verb):
        for _ in range(requests):
            note_request("api.weixin.qq.com")


def test_running_campaigns_are_the_plan(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    make_people(tenant, 3)
    first = make_campaign(tenant)
    start(tenant, first)
    unstarted = use_of(tenant, first.channel_number).messages
    assert unstarted is not None and (unstarted.used, unstarted.planned) == (0, 3)
    scripted = ScriptedHost(accept)
    monkeypatch.setattr(sending, "host", lambda: scripted)
    run_pending()
    done = use_of(tenant, first.channel_number).messages
    assert done is not None and (done.used, done.planned, done.daily, done.used_up_at) == (3, 0, None, None)


def test_campaign_of_tomorrow_waits(tenant: Tenant) -> None:
    make_people(tenant, 3)
    campaign = make_campaign(tenant, starts_at=NOON + timedelta(days=1))
    start(tenant, campaign)
    use = use_of(tenant, campaign.channel_number).messages
    assert use is not None and use.planned == 0


@pytest.mark.parametrize("daily", [3, 4])
def test_quota_ends_with_a_campaign(tenant: Tenant, daily: int) -> None:
    make_people(tenant, 3)
    channel = make_channel(tenant, "SMS Spring", plugin="sms", settings={**SMS, "daily_quota": daily})
    early, late = NOON + timedelta(hours=2), NOON + timedelta(hours=5)
    for name, at in (("Tea", late), ("Spring", early)):
        start(tenant, make_campaign(tenant, name, channel=channel, starts_at=at))
    use = use_of(tenant, channel.number).messages
    assert use is not None and (use.planned, use.daily, use.used_up_at) == (6, daily, late)


def test_requests_are_counted_and_foreseen(tenant: Tenant) -> None:
    settings: dict[str, JsonValue] = {"daily_calls": 1000, "ocean_token": "t", "ocean_advertisers": ["17"]}
    channel = make_channel(tenant, "Video", plugin="short_video", settings=settings)
    for requests in (1, 3):
        pull(tenant, channel.number, requests)
    use = use_of(tenant, channel.number)
    (row,) = use.hosts
    assert (row.host, row.verb, row.used, row.planned) == ("api.weixin.qq.com", "pull", 4, 2 * 144)
    assert use.requests is not None and (use.requests.used, use.requests.planned) == (4, 288)
    assert use.requests.used_up_at is None
    pull(tenant, channel.number, 800, verb="fetch")
    spent = use_of(tenant, channel.number).requests
    assert spent is not None and spent.used_up_at == NOON + (MIDNIGHT - NOON) * (196 / 288)


def test_failed_calls_are_counted_too(tenant: Tenant) -> None:
    channel = make_channel(tenant, "Video", plugin="short_video")
    with pytest.raises(TimeoutError), counted(tenant.number, channel.number, "measure"):
        note_request("open.douyin.com")
        raise TimeoutError
    assert [(one.host, one.used) for one in use_of(tenant, channel.number).hosts] == [("open.douyin.com", 1)]


def test_yesterday_plans_but_is_not_used(tenant: Tenant) -> None:
    channel = make_channel(tenant, "Video", plugin="short_video")
    with clock.set_to(NOON - timedelta(days=1)), writing(tenant.number) as session:
        note_calls(session, channel.number, "pull", {"api.weixin.qq.com": 6}, rounds=3)
    (row,) = use_of(tenant, channel.number).hosts
    assert (row.used, row.planned) == (0, 288)


def test_old_counts_are_taken_away(tenant: Tenant) -> None:
    channel = make_channel(tenant, "Video", plugin="short_video")
    for days in (0, 59, 61):
        with clock.set_to(NOON - timedelta(days=days)), writing(tenant.number) as session:
            note_calls(session, channel.number, "pull", {"api.weixin.qq.com": 1}, rounds=1)
    with writing(tenant.number) as session:
        assert (expire_calls(session), expire_calls(session)) == (1, 0)


def test_schedule_ends_at_midnight() -> None:
    minute = timedelta(minutes=1)
    assert rounds_left("pull", MIDNIGHT - 10 * minute, MIDNIGHT, 3 * minute) == 3
    assert rounds_left("measure", NOON, MIDNIGHT, minute) == 2
    assert rounds_left("fetch", NOON, MIDNIGHT, minute) == 0


def test_usage_tells_dated_limits(client: RoleClient, tenant: Tenant) -> None:
    channel = make_channel(tenant, "Texts", plugin="sms", settings=SMS)
    told = client.get(f"/channels/{channel.id}/usage").get_json()
    assert told["messages"] == {"used": 0, "planned": 0, "daily": 10, "used_up_at": None}
    assert {"since", "source", "value", "unit"} <= set(told["limits"][0])
    assert datetime.fromisoformat(told["until"]) == MIDNIGHT
