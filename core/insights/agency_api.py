"""The credits of every brand of an agency over HTTP."""

from datetime import datetime
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.access.callers import tenants_seen
from core.access.gate import caller
from core.db import platform_reading
from core.insights.agency_credits import BrandCredits, credit_brands
from core.tenants.currencies import to_major
from core.tenants.models import Tenant
from core.web import Page, answer, needs

api = APIBlueprint("agency_attribution", __name__, url_prefix="/v1/agency")


class CreditsQuery(BaseModel):
    """Which of the windows that are kept fresh, and by which model."""

    days: Literal["7", "30", "90", "all"] = "30"
    model: str = Field("linear", max_length=60)


class ChannelCredit(BaseModel):
    """A channel of the brand; `value` in major units."""

    key: str
    name: str
    conversions: float
    value: float


class BrandCreditsShown(BaseModel):
    """One brand in its own currency: what was sold, what the model gives to its channels, what nobody gets."""

    id: str
    name: str
    currency: str
    run: str | None
    made_at: datetime | None
    orders: int
    value: float
    unattributed_orders: float
    unattributed_value: float
    channels: list[ChannelCredit]


@api.get("/attribution")
@needs("attribution:read")
def get_agency_attribution(query: CreditsQuery) -> Response:
    """Every brand the caller may see, a row each, by one model. `run` is null where there is none yet."""
    with platform_reading() as session:
        tenants = tenants_seen(session, caller(), "attribution:read")
    found = credit_brands(tenants, preset=query.days, model=query.model)
    return answer(Page(items=[_show(tenant, found[tenant.number]) for tenant in tenants]))


def _show(tenant: Tenant, found: BrandCredits) -> BrandCreditsShown:
    value = to_major(found.value, tenant.currency)
    return BrandCreditsShown(
        id=str(tenant.id),
        name=tenant.name,
        currency=tenant.currency,
        run=found.run,
        made_at=found.made_at,
        orders=found.orders,
        value=value,
        unattributed_orders=found.orders - sum(line.conversions for line in found.lines),
        unattributed_value=value - sum(line.value for line in found.lines),
        channels=[ChannelCredit(key=o.key, name=o.name, conversions=o.conversions, value=o.value) for o in found.lines],
    )
