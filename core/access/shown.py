"""People, keys and brands as the outside sees them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.orm import Session

from core import clock
from core.access.key_format import PREFIX
from core.access.models import ApiKey, Membership, User
from core.access.people import roles_of
from core.access.reach import Reach
from core.tenants.models import Tenant


class BrandShown(BaseModel):
    """A brand, with what the caller may do there."""

    id: str
    name: str
    currency: str
    timezone: str
    role: str | None
    scopes: list[str]


class RoleShown(BaseModel):
    """A role on a brand."""

    tenant_id: str
    tenant_name: str
    role: str


class PersonShown(BaseModel):
    """A person with the roles that the caller may know of; `role` is the one on the whole agency."""

    id: str
    email: str
    name: str
    language: str
    state: str
    role: str | None
    memberships: list[RoleShown]
    created_at: datetime
    last_login_at: datetime | None


class KeyShown(BaseModel):
    """An API key without its secret."""

    id: str
    name: str
    starts_with: str
    tenant_id: str | None
    scopes: list[str]
    made_by: str
    state: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def show_brand(tenant: Tenant, *, reach: Reach, roles: Sequence[Membership]) -> BrandShown:
    """A brand; `roles` are the caller's own."""
    own = next((row.role for row in roles if row.tenant_number == tenant.number), None)
    return BrandShown(
        id=str(tenant.id),
        name=tenant.name,
        currency=tenant.currency,
        timezone=tenant.timezone,
        role=own or next((row.role for row in roles if row.tenant_number is None), None),
        scopes=sorted(reach.on(tenant.number, tenant.agency_id)),
    )


def show_people(session: Session, people: Sequence[User], *, reach: Reach) -> list[PersonShown]:
    """People with those of their roles that stand where the caller may see people."""
    roles = roles_of(session, [user.id for user in people])
    seen = reach.tenants_with("people:read")
    roles = [row for row in roles if seen is None or row.tenant_number in seen]
    tenants = _tenants(session, {row.tenant_number for row in roles if row.tenant_number is not None})
    return [_person(user, [row for row in roles if row.user_id == user.id], tenants) for user in people]


def show_keys(session: Session, keys: Sequence[ApiKey]) -> list[KeyShown]:
    """Keys with their maker's name and brand."""
    tenants = _tenants(session, {key.tenant_number for key in keys if key.tenant_number is not None})
    makers = sa.select(User).where(User.id.in_([key.user_id for key in keys]))
    names = {user.id: user.name for user in session.scalars(makers)}
    return [
        KeyShown(
            id=str(key.id),
            name=key.name,
            starts_with=f"{PREFIX}{key.handle}_",
            tenant_id=None if key.tenant_number is None else str(tenants[key.tenant_number].id),
            scopes=key.scopes,
            made_by=names[key.user_id],
            state=_state_of_key(key),
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
        )
        for key in keys
    ]


def _person(user: User, roles: Sequence[Membership], tenants: dict[int, Tenant]) -> PersonShown:
    brands = [(tenants[row.tenant_number], row.role) for row in roles if row.tenant_number is not None]
    return PersonShown(
        id=str(user.id),
        email=user.email,
        name=user.name,
        language=user.language,
        state=user.state,
        role=next((row.role for row in roles if row.tenant_number is None), None),
        memberships=[RoleShown(tenant_id=str(t.id), tenant_name=t.name, role=role) for t, role in brands],
        created_at=user.created_at,
        last_login_at=user.last_login_at,
    )


def _state_of_key(key: ApiKey) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= clock.now() else "active"


def _tenants(session: Session, numbers: set[int]) -> dict[int, Tenant]:
    return {tenant.number: tenant for tenant in session.scalars(sa.select(Tenant).where(Tenant.number.in_(numbers)))}
