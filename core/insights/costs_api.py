"""Cost per contact, CAC, ROAS and LTV over HTTP."""

from flask import Response
from flask_openapi3 import APIBlueprint

from core.db import reading
from core.insights.cost_table import CostRow, make_cost_table
from core.insights.money import show_average
from core.insights.naming import Dimension
from core.insights.shapes import UNATTRIBUTED_NAME, NumbersShown, show_numbers
from core.insights.windows import Answer, WindowQuery, lake_time
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insight_costs", __name__, url_prefix="/v1/tenants/<tenant>/insights")


class CostQuery(WindowQuery):
    """Rows by channel, placement, local day, or what batches of cards say of themselves."""

    by: Dimension = "channel"


class CostsShown(NumbersShown):
    """One row; an empty key is what belongs to none. first_orders: contacts whose first order is credited here; worth:
    what the contacts who joined by this have brought to this day; ltv: worth for each of them."""

    key: str
    name: str
    first_orders: int
    worth: str
    ltv: str | None


class CostTableShown(Answer):
    """The total is the overview's."""

    currency: str
    by: Dimension
    total: CostsShown
    rows: list[CostsShown]


@api.get("/costs")
@needs("insights:read")
def get_costs(path: TenantPath, query: CostQuery) -> Response:
    """Cost per contact, CAC, ROAS and LTV."""
    with reading(bound_tenant()) as session:
        table = make_cost_table(session, query.period(session), by=query.by)
        currency = tenant_now(session).currency
        return answer(
            CostTableShown(
                as_of=lake_time(session),
                reason=None if table.rows else "no_activity",
                currency=currency,
                by=query.by,
                total=_show(CostRow("", "", table.total), currency),
                rows=[_show(row, currency) for row in table.rows],
            )
        )


def _show(row: CostRow, currency: str) -> CostsShown:
    return CostsShown(
        key=row.key,
        name=row.name or UNATTRIBUTED_NAME,
        first_orders=row.numbers.first_orders,
        worth=from_minor(row.numbers.worth, currency),
        ltv=show_average(row.numbers.ltv, currency),
        **show_numbers(row.numbers, currency).model_dump(),
    )
