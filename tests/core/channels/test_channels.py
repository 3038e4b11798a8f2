"""Channels of a brand: configured, found, archived, reached by hook and write key."""

from datetime import UTC, datetime

import pytest

from core.channels import service
from core.db import platform_reading, reading, writing
from core.errors import Conflict, Invalid, NotFound
from core.tenants.models import Tenant
from tests.factories.channels import make_channel


def test_new_brand_has_a_direct_channel(tenant: Tenant) -> None:
    with reading(tenant.number) as session:
        direct = service.direct_channel(session)
        assert (direct.number, direct.name) == (1, "direct")
        assert service.settings_of(session, direct) == {}


def test_direct_channel_stays(tenant: Tenant) -> None:
    with writing(tenant.number) as session, pytest.raises(Conflict):
        service.archive_channel(session, service.direct_channel(session))


def test_channels_are_found_in_every_way(tenant: Tenant) -> None:
    made = make_channel(tenant, "搜索广告")
    with reading(tenant.number) as session:
        assert service.find_channel(session, str(made.id)).number == made.number
        assert service.channel_by_number(session, made.number).id == made.id
        assert service.channel_named(session, "搜索广告") is not None
        assert service.channel_by_key(session, "other") is not None
        assert [c.name for c in service.list_channels(session)] == ["direct", "搜索广告"]


def test_other_brand_sees_no_channel(tenant: Tenant, other_tenant: Tenant) -> None:
    made = make_channel(tenant)
    with reading(other_tenant.number) as session, pytest.raises(NotFound):
        service.find_channel(session, made.id)


def test_two_brands_may_use_one_name(tenant: Tenant, other_tenant: Tenant) -> None:
    assert make_channel(tenant).number == make_channel(other_tenant).number == 2


def test_name_is_taken_once(tenant: Tenant) -> None:
    make_channel(tenant)
    with pytest.raises(Conflict):
        make_channel(tenant)


def test_unknown_plugin_is_refused_by_name(tenant: Tenant) -> None:
    for key in ("nonsense", "direct"):
        with pytest.raises(Invalid) as caught:
            make_channel(tenant, plugin=key)
        assert caught.value.fields[0].path == "plugin"


def test_unknown_setting_is_refused_by_name(tenant: Tenant) -> None:
    with pytest.raises(Invalid) as caught:
        make_channel(tenant, settings={"colour": "red"})
    assert caught.value.fields[0].path == "settings.colour"


def test_unknown_name_becomes_another_source(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        made = service.channel_named_or_other(session, "Online Display")
        assert made.plugin_key == "other"
        assert service.channel_named_or_other(session, "Online Display").id == made.id


def test_write_key_leads_to_its_channel(tenant: Tenant) -> None:
    channel = make_channel(tenant)
    with writing(tenant.number) as session:
        first = service.issue_write_key(session, channel)
        second = service.issue_write_key(session, channel)
    with platform_reading() as session:
        assert service.channel_by_write_key(session, first) is None
        found = service.channel_by_write_key(session, second)
        assert service.channel_by_hook(session, second) is None
    assert found is not None
    assert (found.tenant, found.target) == (tenant.number, channel.id)


def test_archived_channel_is_not_reached(tenant: Tenant) -> None:
    channel = make_channel(tenant)
    with writing(tenant.number) as session:
        hook, key = service.issue_hook(session, channel), service.issue_write_key(session, channel)
        service.archive_channel(session, service.find_channel(session, channel.id))
    with platform_reading() as session:
        assert service.channel_by_hook(session, hook) is None
        assert service.channel_by_write_key(session, key) is None


def test_secret_is_not_in_the_database(tenant: Tenant) -> None:
    from core.channels.models import Address

    channel = make_channel(tenant)
    with writing(tenant.number) as session:
        secret = service.issue_hook(session, channel)
        row = session.query(Address).one()
        assert secret.encode() not in row.digest
        assert len(row.digest) == 32


def test_last_event_only_moves_forward(tenant: Tenant) -> None:
    channel = make_channel(tenant)
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    for at in (late, early):
        with writing(tenant.number) as session:
            service.note_events(session, [channel.number], at)
    with reading(tenant.number) as session:
        assert service.find_channel(session, channel.id).last_event_at == late


def test_each_channel_keeps_its_latest(tenant: Tenant) -> None:
    first, second = make_channel(tenant), make_channel(tenant, "Second")
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    with writing(tenant.number) as session:
        service.note_latest(session, [(first.number, late), (first.number, early), (second.number, early)])
    with reading(tenant.number) as session:
        seen = [service.find_channel(session, one.id).last_event_at for one in (first, second)]
    assert seen == [late, early]
