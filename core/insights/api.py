"""The overview of a brand, and all brands of an agency, over HTTP."""

from datetime import date, timedelta
from decimal import Decimal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.access.callers import tenants_seen
from core.access.gate import caller
from core.db import platform_reading, reading
from core.errors import FieldError, Invalid
from core.insights.overview import Numbers, Overview, make_overview, make_totals
from core.tenants.currencies import MINOR_DIGITS, from_minor
from core.web import Page, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insights", __name__, url_prefix="/v1")

UNATTRIBUTED_NAME = "未归因 · Unattributed"
EARLIEST = date(1970, 1, 1)
LONGEST_DAYS = 365 * 60


class WindowQuery(BaseModel):
    """Local days [from, to)."""

    from_day: date = Field(alias="from")
    to_day: date = Field(alias="to")
    by: str = Field("day", max_length=10)

    def checked(self) -> tuple[date, date]:
        """Both days.

        Raises:
            Invalid: an empty window, or one of more than sixty years.
        """
        days = (self.to_day - self.from_day).days
        if not 0 < days <= LONGEST_DAYS or self.from_day - timedelta(days=days) < EARLIEST:
            raise Invalid(fields=[FieldError("to", "range", "Give a day after `from`, and no day before 1970.")])
        return self.from_day, self.to_day


class NumbersShown(BaseModel):
    """Counts; money as exact text in major units, averages with two more decimals."""

    contacts: int
    touchpoints: int
    orders: int
    revenue: str
    cost: str
    cac: str | None
    cost_per_contact: str | None
    roas: str | None


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
def get_overview(path: TenantPath, query: WindowQuery) -> Response:
    """How the brand does, by channel and by day."""
    from_day, to_day = query.checked()
    with reading(bound_tenant()) as session:
        return answer(show_overview(make_overview(session, from_day=from_day, to_day=to_day)))


@api.get("/agency/overview")
@needs("insights:read")
def get_agency_overview(query: WindowQuery) -> Response:
    """Every brand the caller may see, a row each, in its own currency and days."""
    from_day, to_day = query.checked()
    with platform_reading() as session:
        tenants = tenants_seen(session, caller(), "insights:read")
    rows = []
    for tenant in tenants:
        with reading(tenant.number) as session:
            numbers = make_totals(session, from_day=from_day, to_day=to_day)
        shown = show_numbers(numbers, tenant.currency)
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


def show_numbers(numbers: Numbers, currency: str) -> NumbersShown:
    """Minor units as text."""
    return NumbersShown(
        contacts=numbers.contacts,
        touchpoints=numbers.touchpoints,
        orders=numbers.orders,
        revenue=from_minor(numbers.revenue, currency),
        cost=from_minor(numbers.cost, currency),
        cac=_average(numbers.cac, currency),
        cost_per_contact=_average(numbers.cost_per_contact, currency),
        roas=None if numbers.roas is None else f"{numbers.roas:.4f}",
    )


def _average(minor: float | None, currency: str) -> str | None:
    if minor is None:
        return None
    digits = MINOR_DIGITS[currency]
    return f"{Decimal(minor).scaleb(-digits):.{digits + 2}f}"
