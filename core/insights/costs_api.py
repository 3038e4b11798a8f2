"""Cost per contact, CAC, ROAS and LTV over HTTP."""

from flask import Response
from flask_openapi3 import APIBlueprint

from core.db import reading
from core.insights.cost_table import CostRow, make_cost_table
from core.insights.money import show_average
from core.insights.naming import Dimension
from core.insights.numbers import Numbers
from core.insights.shapes import UNATTRIBUTED_NAME, NumbersShown, show_numbers
from core.insights.watched import Watched, count_watched
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
    what the contacts who joined by this have brought to this day; ltv: worth for each of them; views, followers: as
    the platforms count them."""

    key: str
    name: str
    first_orders: int
    worth: str
    ltv: str | None
    views: int
    followers: int
    cost_per_view: str | None
    cost_per_follower: str | None


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
        period = query.period(session)
        table = make_cost_table(session, period, by=query.by)
        watched = count_watched(session, period, by=query.by)
        currency = tenant_now(session).currency
        rows = _with_watched(table.rows, watched, by=query.by)
        return answer(
            CostTableShown(
                as_of=lake_time(session),
                reason=None if rows else "no_activity",
                currency=currency,
                by=query.by,
                total=_show(CostRow("", "", table.total), _sum(watched), currency),
                rows=[_show(row, watched.get((row.key, row.name), Watched()), currency) for row in rows],
            )
        )


def _with_watched(rows: list[CostRow], watched: dict[tuple[str, str], Watched], *, by: Dimension) -> list[CostRow]:
    """The rows, and one more for each that was only seen; days come in their order, what has no key last."""
    known = {(row.key, row.name) for row in rows}
    more = [CostRow(key, name, Numbers()) for key, name in sorted(watched) if (key, name) not in known]
    every = [row for row in [*rows, *more] if row.key]
    if by == "day":
        every.sort(key=lambda row: row.key)
    return every + [row for row in [*rows, *more] if not row.key]


def _sum(watched: dict[tuple[str, str], Watched]) -> Watched:
    return Watched(sum(one.views for one in watched.values()), sum(one.followers for one in watched.values()))


def _show(row: CostRow, seen: Watched, currency: str) -> CostsShown:
    cost = row.numbers.cost
    return CostsShown(
        key=row.key,
        name=row.name or UNATTRIBUTED_NAME,
        first_orders=row.numbers.first_orders,
        worth=from_minor(row.numbers.worth, currency),
        ltv=show_average(row.numbers.ltv, currency),
        views=seen.views,
        followers=seen.followers,
        cost_per_view=show_average(cost / seen.views, currency) if seen.views and cost else None,
        cost_per_follower=show_average(cost / seen.followers, currency) if seen.followers and cost else None,
        **show_numbers(row.numbers, currency).model_dump(),
    )
