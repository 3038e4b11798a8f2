"""Two agencies, one of them with two brands, every table of each brand filled; and callers of every role."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core.access.models import ApiKey, Membership
from core.access.roles import Role, scopes_of
from core.app import create_app
from core.db import Database, Model, platform_reading
from core.tenants.models import Tenant
from tests.factories.access import SignedClient, begin_session, make_key, make_person, make_sister
from tests.factories.tenants import make_tenant
from tests.matrix.rows import fill_tenant

OPERATOR_KEY = "operator_key"
ANONYMOUS = "anonymous"
CALLERS = [*(role.value for role in Role), OPERATOR_KEY, ANONYMOUS]


@dataclass(frozen=True)
class Brand:
    """A brand with an id of each table, and the word that stands in all of its texts."""

    tenant: Tenant
    canary: str
    ids: Mapping[str, str]


@dataclass(frozen=True)
class World:
    """Our brand, its sister in our agency, and a brand of another agency."""

    app: OpenAPI
    mine: Brand
    sister: Brand
    foreign: Brand

    def client(self, caller: str) -> SignedClient:
        """A client of our brand's agency in this role."""
        tenant = self.mine.tenant
        if caller == ANONYMOUS:
            return SignedClient(self.app, None)
        if caller == OPERATOR_KEY:
            owner = make_person(Role.AGENCY_OWNER, tenant)
            return SignedClient(self.app, make_key(owner, *scopes_of(Role.BRAND_OPERATOR), tenant=tenant))
        return SignedClient(self.app, begin_session(make_person(Role(caller), tenant)))

    def strangers(self, caller: str) -> list[Brand]:
        """The brands that this caller must not know of."""
        is_of_agency = caller in list(Role) and Role(caller).is_of_agency
        return [self.foreign] if is_of_agency else [self.foreign, self.sister]


def make_world() -> World:
    """A fresh world on the connected database."""
    mine = make_tenant("Mine")
    return World(
        app=create_app(),
        mine=_brand(mine, "own-word"),
        sister=_brand(make_sister(mine, "canary-of-sister"), "canary-of-sister"),
        foreign=_brand(make_tenant("canary-of-stranger"), "canary-of-stranger"),
    )


def scopes_of_caller(caller: str) -> frozenset[str]:
    """What the caller holds on our brand."""
    if caller == ANONYMOUS:
        return frozenset()
    return scopes_of(Role.BRAND_OPERATOR if caller == OPERATOR_KEY else Role(caller))


def fingerprint(db: Database, brand: Brand) -> dict[str, list[str]]:
    """All rows of a brand as the database has them, past all doors."""
    number, found = brand.tenant.number, {}
    engine = sa.create_engine(db.url)
    with engine.connect() as connection:
        for table in Model.metadata.sorted_tables:
            owned = next((table.c[name] for name in ("tenant_id", "tenant_number", "owner") if name in table.c), None)
            if table.name == "tenant":
                owned = table.c.number
            if owned is not None:
                rows = connection.execute(sa.select(table).where(owned == number))
                found[table.name] = sorted(repr(tuple(row)) for row in rows)
    engine.dispose()
    return found


def _brand(tenant: Tenant, canary: str) -> Brand:
    manager = make_person(Role.BRAND_MANAGER, tenant)
    make_key(manager, "jobs:read", tenant=tenant)
    ids = fill_tenant(tenant, canary)
    with platform_reading() as session:
        person = session.scalars(sa.select(Membership.user_id).where(Membership.tenant_number == tenant.number)).one()
        key = session.scalars(sa.select(ApiKey.id).where(ApiKey.tenant_number == tenant.number)).one()
    return Brand(tenant, canary, ids | {"app_user": str(person), "api_key": str(key)})
