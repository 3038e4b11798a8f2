"""Placements and links for tests."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from core.channels.models import Channel
from core.db import writing
from core.placements.links import make_link
from core.placements.models import Link, Placement
from core.placements.service import create_placement
from core.tenants.models import Tenant
from tests.factories.channels import make_channel

START = datetime(2026, 11, 1, tzinfo=UTC)


def make_placement(
    tenant: Tenant,
    name: str = "Autumn",
    *,
    channel: Channel | None = None,
    starts_at: datetime = START,
    ends_at: datetime | None = None,
    cost_minor: int = 0,
    detail: Mapping[str, JsonValue] | None = None,
) -> Placement:
    channel = channel or make_channel(tenant, f"Channel of {name}")
    with writing(tenant.number) as session:
        return create_placement(
            session,
            channel=channel,
            name=name,
            starts_at=starts_at,
            ends_at=ends_at,
            cost_minor=cost_minor,
            detail=detail,
        )


def make_tracked_link(tenant: Tenant, placement: Placement, target_url: str = "https://shop.example/") -> Link:
    with writing(tenant.number) as session:
        return make_link(session, placement, target_url)
