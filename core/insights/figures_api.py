"""A placement's figures over HTTP: views and the like by day, links told apart, what one of each cost."""

from datetime import date

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core.db import reading
from core.insights.money import show_average
from core.insights.placement_figures import PlacementFigures, read_figures
from core.placements.codes import PREFIX
from core.placements.figures import SPEND
from core.placements.models import Placement
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.placements.stats import Stats, stats_of
from core.tenants.currencies import from_minor
from core.web import answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("placement_figures", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>")


class DayShown(BaseModel):
    """What was counted on one local day; figures that the platform never told are absent."""

    day: date
    counts: dict[str, int]
    spend: str | None


class LinkCountShown(BaseModel):
    """One link; `people` are visitors and contacts, `contacts` those of them who have joined."""

    id: str
    code: str
    label: str
    url: str
    clicks: int
    people: int
    contacts: int


class PricesShown(BaseModel):
    """The placement's cost for one of each; null while there is none, or nothing was spent."""

    view: str | None
    follower: str | None
    click: str | None
    contact: str | None


class FiguresShown(BaseModel):
    """Totals are the sums of the days."""

    currency: str
    totals: dict[str, int]
    days: list[DayShown]
    links: list[LinkCountShown]
    cost: str
    cost_per: PricesShown


@api.get("/figures")
@needs("placements:read")
def get_figures(path: PlacementPath) -> Response:
    """What the platform counted by day, and what each link brought."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        stats = stats_of(session, [placement.number])[placement.number]
        return answer(_show(placement, stats, read_figures(session, placement), base_address()))


def _show(placement: Placement, stats: Stats, figures: PlacementFigures, base: str) -> FiguresShown:
    counts = {name: days for name, days in figures.daily.items() if name != SPEND}
    totals = {name: sum(days.values()) for name, days in counts.items()}
    currency, cost = placement.currency, stats.cost_minor

    def price(count: int) -> str | None:
        return show_average(cost / count, currency) if count and cost else None

    return FiguresShown(
        currency=currency,
        totals=totals,
        days=_days(figures, currency),
        links=[
            LinkCountShown(
                id=str(one.link.id),
                code=one.link.code,
                label=one.link.label,
                url=f"{base}{PREFIX}{one.link.code}",
                clicks=one.clicks,
                people=one.people,
                contacts=one.contacts,
            )
            for one in figures.links
        ],
        cost=from_minor(cost, currency),
        cost_per=PricesShown(
            view=price(totals.get("views", 0)),
            follower=price(totals.get("followers", 0)),
            click=price(stats.clicks),
            contact=price(stats.contacts),
        ),
    )


def _days(figures: PlacementFigures, currency: str) -> list[DayShown]:
    spend = figures.daily.get(SPEND, {})
    every = sorted({day for days in figures.daily.values() for day in days})
    return [
        DayShown(
            day=day,
            counts={name: days.get(day, 0) for name, days in figures.daily.items() if name != SPEND},
            spend=from_minor(spend[day], currency) if day in spend else None,
        )
        for day in every
    ]
