"""Touchpoints over HTTP: the timeline of one person."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.sections import shows_contacts
from core.contacts.service import family, find_contact
from core.db import reading
from core.placements.models import Placement
from core.touchpoints.models import Touchpoint
from core.touchpoints.service import timeline
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("touchpoints", __name__, url_prefix="/v1/tenants/<tenant>/contacts/<contact>/touchpoints")


class PersonPath(TenantPath):
    """One contact of a tenant."""

    contact: str = Field(max_length=64)


class TimelineQuery(BaseModel):
    """How many of the newest touches."""

    limit: int = Field(200, ge=1, le=1_000)


class TouchShown(BaseModel):
    """A touchpoint with the names a reader knows."""

    id: str
    kind: str
    at: datetime
    channel_id: str
    channel: str
    placement_id: str | None
    placement: str | None
    is_bot: bool
    detail: dict[str, object]


@api.get("")
@needs("contacts:read")
def list_touchpoints(path: PersonPath, query: TimelineQuery) -> Response:
    """The newest touches of one person."""
    with reading(bound_tenant()) as session:
        contact = find_contact(session, path.contact)
        rows = timeline(session, family(session, [contact.number]), limit=query.limit)
        return answer({"items": show_touches(session, rows), "next": None})


@shows_contacts("touchpoints")
def show_timeline(session: Session, numbers: Collection[int]) -> list[BaseModel]:
    """The timeline on a contact's page."""
    return [*show_touches(session, timeline(session, numbers))]


def show_touches(session: Session, touches: Collection[Touchpoint]) -> list[TouchShown]:
    """Touches with channels and placements by name."""
    channels = {
        channel.number: channel
        for channel in session.scalars(
            sa.select(Channel).where(Channel.number.in_({touch.channel_number for touch in touches}))
        )
    }
    named = {touch.placement_number for touch in touches if touch.placement_number is not None}
    placements = {
        placement.number: placement
        for placement in session.scalars(sa.select(Placement).where(Placement.number.in_(named)))
    }
    return [
        _show(touch, channels[touch.channel_number], placements.get(touch.placement_number or 0)) for touch in touches
    ]


def _show(touch: Touchpoint, channel: Channel, placement: Placement | None) -> TouchShown:
    return TouchShown(
        id=str(touch.id),
        kind=touch.kind,
        at=touch.at,
        channel_id=str(channel.id),
        channel=channel.name,
        placement_id=str(placement.id) if placement else None,
        placement=placement.name if placement else None,
        is_bot=touch.is_bot,
        detail=touch.detail,
    )
