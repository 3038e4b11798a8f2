"""Placements over HTTP: making, changing, listing with figures, costs."""

from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core import audit
from core.channels.service import channel_by_number, find_channel, list_channels
from core.db import reading, writing
from core.placements import service
from core.placements.cards import count_codes, count_codes_of
from core.placements.costs import add_cost
from core.placements.models import Placement
from core.placements.shapes import (
    ChangedPlacement,
    NewCost,
    NewPlacement,
    PlacementPath,
    PlacementShown,
    PlacementsQuery,
    show_placement,
)
from core.placements.stats import stats_of
from core.tenants.currencies import to_minor
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("placements", __name__, url_prefix="/v1/tenants/<tenant>/placements")


def show_one(session: Session, placement: Placement) -> PlacementShown:
    """A placement with its channel and figures."""
    return show_placement(
        placement,
        channel_id=str(channel_by_number(session, placement.channel_number).id),
        codes=count_codes(session, placement),
        stats=stats_of(session, [placement.number])[placement.number],
    )


@api.get("")
@needs("placements:read")
def list_placements(path: TenantPath, query: PlacementsQuery) -> Response:
    """Placements, newest first."""
    after = query.after_number()
    with reading(bound_tenant()) as session:
        number = find_channel(session, query.channel_id).number if query.channel_id else None
        rows = service.list_placements(session, channel_number=number, before=after, limit=query.limit + 1)
        numbers = [row.number for row in rows]
        stats, codes = stats_of(session, numbers), count_codes_of(session, numbers)
        ids = {channel.number: str(channel.id) for channel in list_channels(session)}

        def show(row: Placement) -> PlacementShown:
            return show_placement(
                row,
                channel_id=ids[row.channel_number],
                codes=codes.get(row.number, 0),
                stats=stats[row.number],
            )

        return answer(page_of(rows, query, lambda row: row.number, show))


@api.post("")
@needs("placements:write")
def create_placement(path: TenantPath, body: NewPlacement) -> Response:
    """Put something out on a channel."""
    with writing(bound_tenant()) as session:
        placement = service.create_placement(
            session,
            channel=find_channel(session, body.channel_id),
            name=body.name,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
            cost_minor=to_minor(body.cost or "0", tenant_now(session).currency, field="cost"),
            target_url=body.target_url,
            detail=body.detail,
        )
        _note(session, "created", placement)
        return answer(show_one(session, placement), status=201)


@api.get("/<placement>")
@needs("placements:read")
def get_placement(path: PlacementPath) -> Response:
    """One placement with its figures."""
    with reading(bound_tenant()) as session:
        return answer(show_one(session, service.find_placement(session, path.placement)))


@api.patch("/<placement>")
@needs("placements:write")
def change_placement(path: PlacementPath, body: ChangedPlacement) -> Response:
    """Change what is given; the planned cost is spread over the period anew."""
    given = body.model_fields_set
    with writing(bound_tenant()) as session:
        placement = service.find_placement(session, path.placement)
        service.change_placement(
            session,
            placement,
            name=body.name or placement.name,
            starts_at=body.starts_at or placement.starts_at,
            ends_at=body.ends_at if "ends_at" in given else placement.ends_at,
            cost_minor=to_minor(body.cost, placement.currency, field="cost") if body.cost is not None else None,
            detail=body.detail if body.detail is not None else placement.detail,
            plugin_key=channel_by_number(session, placement.channel_number).plugin_key,
        )
        _note(session, "changed", placement, fields=sorted(given))
        return answer(show_one(session, placement))


@api.post("/<placement>/archive")
@needs("placements:write")
def archive_placement(path: PlacementPath) -> Response:
    """Take a placement and its links out of use."""
    with writing(bound_tenant()) as session:
        placement = service.find_placement(session, path.placement)
        service.archive_placement(session, placement)
        _note(session, "archived", placement)
        return answer(show_one(session, placement))


@api.post("/<placement>/costs")
@needs("placements:write")
def enter_cost(path: PlacementPath, body: NewCost) -> Response:
    """Enter what one day cost."""
    with writing(bound_tenant()) as session:
        placement = service.find_placement(session, path.placement)
        minor = to_minor(body.amount, placement.currency)
        add_cost(session, placement, day=body.day, amount_minor=minor, note=body.note)
        _note(session, "cost_entered", placement, day=body.day.isoformat(), amount=body.amount)
        return answer(show_one(session, placement), status=201)


def _note(session: Session, deed: str, placement: Placement, **detail: object) -> None:
    audit.record(session, f"placement.{deed}", f"placement:{placement.id}", {"name": placement.name, **detail})
