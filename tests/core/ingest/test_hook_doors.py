"""A webhook's address is remembered for a moment only, and a change in this process counts at once."""

from datetime import timedelta

import pytest

from core import clock
from core.channels.addresses import withdraw_addresses
from core.channels.models import Channel
from core.channels.service import archive_channel, change_channel, find_channel, issue_hook, settings_of
from core.db import writing
from core.errors import NotFound
from core.ingest.hook_doors import FRESH, HookDoors
from core.tenants.models import Tenant
from tests.factories.channels import make_channel


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Reviews", plugin="short_video", settings={"red_token": "one"})


@pytest.fixture
def secret(tenant: Tenant, channel: Channel) -> str:
    with writing(tenant.number) as session:
        return issue_hook(session, find_channel(session, channel.id))


def test_changed_settings_count_at_once(tenant: Tenant, channel: Channel, secret: str) -> None:
    doors = HookDoors()
    assert doors.find(secret).settings["red_token"] == "one"
    with writing(tenant.number) as session:
        row = find_channel(session, channel.id)
        change_channel(session, row, name=row.name, settings={**settings_of(session, row), "red_token": "two"})
    assert doors.find(secret).settings["red_token"] == "two"


def test_archived_channel_closes_its_door(tenant: Tenant, channel: Channel, secret: str) -> None:
    doors = HookDoors()
    doors.find(secret)
    with writing(tenant.number) as session:
        archive_channel(session, find_channel(session, channel.id))
    with pytest.raises(NotFound):
        doors.find(secret)


def test_withdrawal_elsewhere_counts_after_moments(tenant: Tenant, channel: Channel, secret: str) -> None:
    doors, now = HookDoors(), clock.now()
    with clock.set_to(now):
        doors.find(secret)
        with writing(tenant.number) as session:
            withdraw_addresses(session, "hook", channel.id)  # as another process does, untold
        assert doors.find(secret).channel.id == channel.id
    with clock.set_to(now + FRESH), pytest.raises(NotFound):
        doors.find(secret)


def test_unknown_address_is_asked_again(tenant: Tenant) -> None:
    with pytest.raises(NotFound):
        HookDoors().find("nobody")


def test_clock_set_back_forgets_doors(tenant: Tenant, channel: Channel, secret: str) -> None:
    doors, now = HookDoors(), clock.now()
    with clock.set_to(now):
        doors.find(secret)
    with writing(tenant.number) as session:
        withdraw_addresses(session, "hook", channel.id)
    with clock.set_to(now - timedelta(days=1)), pytest.raises(NotFound):
        doors.find(secret)
