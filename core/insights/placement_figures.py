"""One placement's figures: what the platform counted by day, and what each of its links brought."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.models import Contact
from core.placements.figures import Daily, daily_figures
from core.placements.links import list_links
from core.placements.models import Link, Placement
from core.touchpoints.models import Touchpoint

HIT = ("click", "scan", "visit")


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """clicks: without machines; people: visitors and contacts behind them; contacts: those of them who have joined."""

    link: Link
    clicks: int
    people: int
    contacts: int


@dataclass(frozen=True, slots=True)
class PlacementFigures:
    """daily: figure -> day -> count; money (`spend`) in minor units."""

    daily: Daily
    links: list[LinkFigures]


def read_figures(session: Session, placement: Placement) -> PlacementFigures:
    """Since it was put out."""
    return PlacementFigures(
        daily=daily_figures(session, [placement.number])[placement.number], links=_count_links(session, placement)
    )


def _count_links(session: Session, placement: Placement) -> list[LinkFigures]:
    """Every link of the placement; a person who came by two of them is counted with both."""
    met, root = aliased(Contact), aliased(Contact)
    code = Touchpoint.detail["link"].as_string()
    person = sa.func.coalesce(met.merged_into, met.number)
    query = (
        sa.select(
            code.label("code"),
            sa.func.count().label("clicks"),
            sa.func.count(sa.distinct(person)).label("people"),
            sa.func.count(sa.distinct(person)).filter(root.joined_at.is_not(None)).label("contacts"),
        )
        .join(met, met.number == Touchpoint.contact_number)
        .join(root, root.number == person)
        .where(
            Touchpoint.placement_number == placement.number,
            Touchpoint.kind.in_(HIT),
            Touchpoint.is_bot.is_(False),
            met.tenant_id == Touchpoint.tenant_id,
            root.tenant_id == Touchpoint.tenant_id,
        )
        .group_by(code)
    )
    found = {row.code: row for row in session.execute(query)}
    return [
        LinkFigures(link, row.clicks, row.people, row.contacts)
        if (row := found.get(link.code))
        else LinkFigures(link, 0, 0, 0)
        for link in list_links(session, placement)
    ]
