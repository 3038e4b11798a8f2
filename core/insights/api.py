"""The overview of a brand, and all brands of an agency, over HTTP."""

from datetime import date

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.access.callers import tenants_seen
from core.access.gate import caller
from core.db import platform_reading, reading
from core.insights.overview import Overview, make_overview
from core.insights.roll_up import sum_brands
from core.insights.shapes import UNATTRIBUTED_NAME, NumbersShown, show_numbers
from core.insights.windows import WindowQuery
from core.web import Page, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insights", __name__, url_prefix="/v1")


class OverviewQuery(WindowQuery):
    """The window; `by` is accepted for the pages of older releases and changes nothing."""

    by: str = Field("day", max_length=10)


class ChannelShown(NumbersShown):
    """One channel; an empty key is the unattributed row."""

    key: str
    name: str


class DayShown(NumbersShown):
    """One local day."""

    day: date


class BrandShown(NumbersShown):
    """One brand."""

    id: str
    name: str
    currency: str


class Tile(BaseModel):
    """A measure now, and in as many days before."""

    value: int | str | None
    previous: int | str | None


class OverviewShown(BaseModel):
    """One consistent answer for the whole page."""

    currency: str
    tiles: dict[str, Tile]
    by_channel: list[ChannelShown]
    by_day: list[DayShown]


@api.get("/tenants/<tenant>/overview")
@needs("insights:read")
def get_overview(path: TenantPath, query: OverviewQuery) -> Response:
    """How the brand does, by channel and by day."""
    from_day, to_day = query.checked()
    with reading(bound_tenant()) as session:
        return answer(show_overview(make_overview(session, from_day=from_day, to_day=to_day)))


@api.get("/agency/overview")
@needs("insights:read")
def get_agency_overview(query: OverviewQuery) -> Response:
    """Every brand the caller may see, a row each, in its own currency and days."""
    from_day, to_day = query.checked()
    with platform_reading() as session:
        tenants = tenants_seen(session, caller(), "insights:read")
    sums = sum_brands(tenants, from_day=from_day, to_day=to_day)
    rows = []
    for tenant in tenants:
        shown = show_numbers(sums[tenant.number], tenant.currency)
        rows.append(BrandShown(id=str(tenant.id), name=tenant.name, currency=tenant.currency, **shown.model_dump()))
    return answer(Page(items=rows))


def show_overview(found: Overview) -> OverviewShown:
    """As the page draws it."""
    now = show_numbers(found.now, found.currency).model_dump()
    before = show_numbers(found.before, found.currency).model_dump() if found.before else {}
    return OverviewShown(
        currency=found.currency,
        tiles={name: Tile(value=value, previous=before.get(name)) for name, value in now.items()},
        by_channel=[
            ChannelShown(
                key=row.key,
                name=row.name or UNATTRIBUTED_NAME,
                **show_numbers(row.numbers, found.currency).model_dump(),
            )
            for row in found.by_channel
        ],
        by_day=[
            DayShown(day=day, **show_numbers(numbers, found.currency).model_dump())
            for day, numbers in found.by_day.items()
        ],
    )
