"""Agencies and tenants for tests."""

from core.db import platform_writing
from core.tenants.models import Agency, Tenant
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency


def make_agency(name: str = "Agency") -> Agency:
    with platform_writing() as session:
        return create_agency(session, name=name)


def make_tenant(
    name: str = "Brand", *, agency: Agency | None = None, timezone: str = "Asia/Shanghai", currency: str = "CNY"
) -> Tenant:
    agency = agency or make_agency()
    return open_tenant(agency_id=agency.id, name=name, timezone=timezone, currency=currency)
