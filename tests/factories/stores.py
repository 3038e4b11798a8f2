"""Stores, clerks and events for tests."""

from typing import Any

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.placements.links import list_links
from core.placements.models import Placement
from core.placements.service import create_placement, placement_by_number
from core.tenants.models import Tenant
from tests.factories.channels import make_channel


def make_stores(tenant: Tenant, settings: Any = None) -> Channel:
    return make_channel(tenant, "Stores", plugin="offline_store", settings=settings)


def make_place(tenant: Tenant, channel: Channel, name: str, *, cost_minor: int = 0, **detail: Any) -> Placement:
    with writing(tenant.number) as session:
        owner = channel_by_number(session, channel.number)
        return create_placement(session, channel=owner, name=name, cost_minor=cost_minor, detail=detail)


def code_of(tenant: Tenant, placement: Placement) -> str:
    with reading(tenant.number) as session:
        return list_links(session, placement_by_number(session, placement.number))[0].code
