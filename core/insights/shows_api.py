"""What happened in a show, five minutes by five minutes: comments, visits that bought, claims, leads."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel
from sqlalchemy.orm import Session

from core import clock
from core.db import reading
from core.placements.models import Placement
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.touchpoints.models import Touchpoint
from core.web import Page, answer, bound_tenant, needs

api = APIBlueprint("shows", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>")
STEP = timedelta(minutes=5)
LONGEST = timedelta(days=1)
SHOWN = ("comment", "visit", "click", "scan", "redeem", "lead", "joined")


class MomentShown(BaseModel):
    """How many touches of one kind there were in the five minutes that begin with `minute` (the show's first is 1)."""

    minute: int
    kind: str
    count: int


@api.get("/minutes")
@needs("placements:read")
def get_minutes(path: PlacementPath) -> Response:
    """The show's first day at most, from its begin to its end; nothing for minutes in which nothing happened."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        return answer(Page[MomentShown](items=count_by_minute(session, placement)))


def count_by_minute(session: Session, placement: Placement) -> list[MomentShown]:
    """Touches of people by five minutes and kind."""
    begin, longest = placement.starts_at, placement.starts_at + LONGEST
    end = min(placement.ends_at or longest, longest)
    step = int(STEP.total_seconds()) * 1_000_000
    place = ((sa.type_coerce(Touchpoint.at, sa.BigInteger) - clock.to_us(begin)) // step).label("place")
    query = (
        sa.select(place, Touchpoint.kind, sa.func.count().label("count"))
        .where(
            Touchpoint.placement_number == placement.number,
            Touchpoint.kind.in_(SHOWN),
            Touchpoint.is_bot.is_(False),
            Touchpoint.at >= begin,
            Touchpoint.at <= end,
        )
        .group_by(place, Touchpoint.kind)
        .order_by(place, Touchpoint.kind)
    )
    minutes = int(STEP.total_seconds()) // 60
    return [
        MomentShown(minute=int(row.place) * minutes + 1, kind=row.kind, count=row.count)
        for row in session.execute(query)
    ]
