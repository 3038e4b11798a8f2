"""Making and finding agencies and tenants."""

import uuid
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import new_id, tenant_of
from core.db.vaults import wrap_new_key
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.tenants.currencies import MINOR_DIGITS
from core.tenants.models import Agency, Tenant


def create_agency(session: Session, *, name: str) -> Agency:
    """A new agency without tenants."""
    agency = Agency(name=name)
    session.add(agency)
    session.flush()
    return agency


def create_tenant(
    session: Session, *, agency_id: uuid.UUID, name: str, timezone: str = "Asia/Shanghai", currency: str = "CNY"
) -> Tenant:
    """A new brand with a data key of its own. Call `core.tenants.opening.open_tenant` to get its first rows, too.

    Raises:
        Invalid: unknown time zone or currency.
        Conflict: the agency has a brand of this name.
    """
    if timezone not in available_timezones():
        raise Invalid(fields=[FieldError("timezone", "unknown", f"{timezone} is no time zone; try Asia/Shanghai.")])
    if currency not in MINOR_DIGITS:
        raise Invalid(fields=[FieldError("currency", "unknown", f"{currency} is no ISO 4217 currency code.")])
    taken = session.scalar(sa.select(Tenant.number).where(Tenant.agency_id == agency_id, Tenant.name == name))
    if taken is not None:
        raise Conflict(f"There is a brand named {name} already.")
    public_id = new_id()
    tenant = Tenant(
        id=public_id,
        agency_id=agency_id,
        name=name,
        timezone=timezone,
        currency=currency,
        data_key=wrap_new_key(str(public_id)),
    )
    session.add(tenant)
    session.flush()
    return tenant


def tenant_by_public_id(session: Session, public_id: uuid.UUID) -> Tenant:
    """The tenant that the outside calls by this id.

    Raises:
        NotFound: there is none.
    """
    tenant = session.scalar(sa.select(Tenant).where(Tenant.id == public_id))
    if tenant is None:
        raise NotFound
    return tenant


def tenant_now(session: Session) -> Tenant:
    """The tenant this session is bound to, with its time zone and currency."""
    tenant = session.get(Tenant, tenant_of(session))
    if tenant is None:
        raise NotFound
    return tenant


def tenants_of_agency(session: Session, agency_id: uuid.UUID) -> list[Tenant]:
    """The agency's brands by name."""
    return list(session.scalars(sa.select(Tenant).where(Tenant.agency_id == agency_id).order_by(Tenant.name)))
