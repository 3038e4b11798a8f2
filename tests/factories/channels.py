"""Configured channels for tests."""

from collections.abc import Mapping

from pydantic import JsonValue

from core.channels.models import Channel
from core.channels.service import create_channel
from core.db import writing
from core.tenants.models import Tenant


def make_channel(
    tenant: Tenant, name: str = "Search ads", *, plugin: str = "other", settings: Mapping[str, JsonValue] | None = None
) -> Channel:
    with writing(tenant.number) as session:
        return create_channel(session, plugin_key=plugin, name=name, settings=settings)
