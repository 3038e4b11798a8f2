"""How far printed cards come, over HTTP."""

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.channels.service import find_channel
from core.db import reading
from core.insights.card_rates import CardDimension, CardRates, RateRow, read_card_rates
from core.insights.money import show_average
from core.placements.service import find_placement
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("card_rates", __name__, url_prefix="/v1/tenants/<tenant>/insights")


class CardQuery(BaseModel):
    """Rows by batch, SKU or placement; of one channel or placement, or of all."""

    by: CardDimension = "batch"
    channel_id: str | None = Field(None, max_length=64)
    placement_id: str | None = Field(None, max_length=64)


class RatesShown(BaseModel):
    """Counts since the cards were made; rates and cost_per_contact are null where there is nothing to divide by."""

    key: str
    name: str
    printed: int
    active: int
    void: int
    out: int
    scanned: int
    redeemed: int
    contacts: int
    first_orders: int
    scan_rate: float | None
    redeem_rate: float | None
    cost: str
    cost_per_contact: str | None


class CardRatesShown(BaseModel):
    """The rows add up to the total."""

    currency: str
    by: CardDimension
    total: RatesShown
    rows: list[RatesShown]


@api.get("/cards")
@needs("insights:read")
def get_card_rates(path: TenantPath, query: CardQuery) -> Response:
    """Printed, out, scanned, redeemed, contacts, first orders and cost per contact."""
    with reading(bound_tenant()) as session:
        currency = tenant_now(session).currency
        total, rows = read_card_rates(
            session,
            by=query.by,
            channel_number=find_channel(session, query.channel_id).number if query.channel_id else None,
            placement_number=find_placement(session, query.placement_id).number if query.placement_id else None,
        )
        return answer(
            CardRatesShown(
                currency=currency,
                by=query.by,
                total=_show("", "", total, currency),
                rows=[_show_row(row, currency) for row in rows],
            )
        )


def _show_row(row: RateRow, currency: str) -> RatesShown:
    return _show(row.key, row.name, row.rates, currency)


def _show(key: str, name: str, rates: CardRates, currency: str) -> RatesShown:
    return RatesShown(
        key=key,
        name=name,
        printed=rates.printed,
        active=rates.active,
        void=rates.void,
        out=rates.out,
        scanned=rates.scanned,
        redeemed=rates.redeemed,
        contacts=rates.contacts,
        first_orders=rates.first_orders,
        scan_rate=rates.scan_rate,
        redeem_rate=rates.redeem_rate,
        cost=from_minor(round(rates.cost), currency),
        cost_per_contact=show_average(rates.minor_per_contact, currency),
    )
