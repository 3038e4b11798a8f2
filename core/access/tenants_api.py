"""Brands over HTTP. They stand here, not in tenants, because who sees which brand is decided by roles."""

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import Field

from core.access import brands
from core.access.callers import tenants_seen
from core.access.gate import caller
from core.access.people import roles_of
from core.access.shown import show_brand
from core.db import platform_reading, platform_writing
from core.errors import Forbidden
from core.web import Body, Page, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("tenants", __name__, url_prefix="/v1/tenants")


class NewTenant(Body):
    """A brand to open."""

    name: str = Field(min_length=1, max_length=120)
    timezone: str = Field("Asia/Shanghai", max_length=60)
    currency: str = Field("CNY", max_length=3)


class TenantChange(Body):
    """The brand's new name. Its currency and time zone stay: amounts and days were stored by them."""

    name: str = Field(min_length=1, max_length=120)


@api.get("")
@needs("tenants:read")
def list_tenants() -> Response:
    """The brands the caller may open, by name; few enough for one page."""
    who = caller()
    with platform_reading() as session:
        roles = roles_of(session, [who.user_id])
        shown = [show_brand(t, reach=who.reach, roles=roles) for t in tenants_seen(session, who, "tenants:read")]
    return answer(Page(items=shown))


@api.post("")
@needs("tenants:write")
def create(body: NewTenant) -> Response:
    """Open a brand."""
    who = caller()
    if "tenants:write" not in who.reach.agency:
        raise Forbidden("Only an owner of the agency opens brands.")
    tenant = brands.open_brand(agency_id=who.agency_id, name=body.name, timezone=body.timezone, currency=body.currency)
    return answer(show_brand(tenant, reach=who.reach, roles=[]), 201)


@api.patch("/<tenant>")
@needs("tenants:write")
def rename(path: TenantPath, body: TenantChange) -> Response:
    """Rename a brand."""
    with platform_writing() as session:
        tenant = brands.rename_brand(session, bound_tenant(), name=body.name)
    return answer(show_brand(tenant, reach=caller().reach, roles=[]))
