"""Opening and renaming brands, audited."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit
from core.db import platform_writing, writing
from core.db.registry import tenant_created
from core.errors import Conflict
from core.tenants.models import Tenant
from core.tenants.service import create_tenant


def open_brand(*, agency_id: uuid.UUID, name: str, timezone: str, currency: str) -> Tenant:
    """A new brand with everything a new brand starts with.

    Raises:
        Invalid: unknown time zone or currency.
        Conflict: the agency has a brand of this name.
    """
    with platform_writing() as session:
        tenant = create_tenant(session, agency_id=agency_id, name=name, timezone=timezone, currency=currency)
        detail = {"timezone": timezone, "currency": currency}
        audit.record(
            session, "tenant.created", f"tenant:{tenant.id}", detail, agency_id=agency_id, tenant_number=tenant.number
        )
    with writing(tenant.number) as bound:
        tenant_created(bound)
    return tenant


def rename_brand(session: Session, number: int, *, name: str) -> Tenant:
    """Give the brand another name.

    Raises:
        Conflict: the agency has another brand of this name.
    """
    tenant = session.scalars(sa.select(Tenant).where(Tenant.number == number)).one()
    same = sa.select(Tenant.number).where(Tenant.agency_id == tenant.agency_id, Tenant.name == name)
    if session.scalar(same.where(Tenant.number != number)) is not None:
        raise Conflict(f"There is a brand named {name} already.")
    before, tenant.name = tenant.name, name
    session.flush()
    audit.record(
        session,
        "tenant.renamed",
        f"tenant:{tenant.id}",
        {"from": before, "to": name},
        agency_id=tenant.agency_id,
        tenant_number=number,
    )
    return tenant
