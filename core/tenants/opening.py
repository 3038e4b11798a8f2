"""A brand is opened in two short transactions: its row, then its first rows (the `direct` channel and so on)."""

import uuid

from core.db import platform_writing, writing
from core.db.registry import tenant_created
from core.tenants.models import Tenant
from core.tenants.service import create_tenant


def open_tenant(*, agency_id: uuid.UUID, name: str, timezone: str = "Asia/Shanghai", currency: str = "CNY") -> Tenant:
    """Create a brand and everything a new brand starts with. Raises what `create_tenant` raises."""
    with platform_writing() as session:
        tenant = create_tenant(session, agency_id=agency_id, name=name, timezone=timezone, currency=currency)
    with writing(tenant.number) as session:
        tenant_created(session)
    return tenant
