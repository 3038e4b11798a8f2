"""Putting things out: placements of a channel, found again, changed, archived."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import BaseModel, JsonValue, ValidationError
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.db import find, new_id, next_numbers
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.placements.cards import create_codes as create_codes
from core.placements.cards import redeem as redeem
from core.placements.costs import plan_cost, planned_cost
from core.placements.links import TEST_RECIPIENT as TEST_RECIPIENT
from core.placements.links import make_link as make_link
from core.placements.links import recipient_code as recipient_code
from core.placements.links import recipient_codes as recipient_codes
from core.placements.links import resolve_code as resolve_code
from core.placements.models import Link, Placement
from core.plugin_host import host
from core.tenants.service import tenant_now


def create_placement(
    session: Session,
    *,
    channel: Channel,
    name: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    cost_minor: int = 0,
    target_url: str | None = None,
    detail: Mapping[str, JsonValue] | None = None,
) -> Placement:
    """A new placement; with `target_url` it has a first link, with a cost the plan is spread over its days.

    Raises:
        Invalid: the period ends before it starts, or `detail` does not fit the plugin's fields.
        Conflict: the channel is archived or has a placement of this name.
    """
    if channel.state != "active":
        raise Conflict(f"The channel {channel.name} is archived.")
    placement = Placement(
        id=new_id(),
        number=next_numbers(session, "placement")[0],
        channel_number=channel.number,
        name=name,
        currency=tenant_now(session).currency,
        detail=judge_detail(channel.plugin_key, detail or {}),
    )
    _set_period(placement, starts_at or clock.now(), ends_at)
    _refuse_taken_name(session, placement)
    session.add(placement)
    session.flush()
    plan_cost(session, placement, cost_minor)
    if target_url or has_own_page(channel.plugin_key):
        make_link(session, placement, target_url or None)
    return placement


def has_own_page(plugin_key: str) -> bool:
    """Whether links of the plugin's placements may lead to the page that it describes itself."""
    manifest = host().manifests.get(plugin_key)
    return manifest is not None and manifest.own_page


def change_placement(
    session: Session,
    placement: Placement,
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime | None,
    cost_minor: int | None,
    detail: Mapping[str, JsonValue],
    plugin_key: str,
) -> None:
    """Change what can be changed; the plan of the cost is spread anew. Raises what `create_placement` raises."""
    plan = planned_cost(session, placement) if cost_minor is None else cost_minor
    placement.detail = judge_detail(plugin_key, detail)
    _set_period(placement, starts_at, ends_at)
    if name != placement.name:
        placement.name = name
        with session.no_autoflush:
            _refuse_taken_name(session, placement)
    session.flush()
    plan_cost(session, placement, plan)


def archive_placement(session: Session, placement: Placement) -> None:
    """Take a placement and its links out of use; what came by it stays."""
    placement.state = "archived"
    session.execute(sa.update(Link).where(Link.placement_number == placement.number).values(state="archived"))


def find_placement(session: Session, placement_id: str | uuid.UUID) -> Placement:
    """One placement by its public id. Raises `NotFound`."""
    return find(session, Placement, placement_id)


def placement_by_number(session: Session, number: int) -> Placement:
    """One placement by its number. Raises `NotFound`."""
    placement = session.scalar(sa.select(Placement).where(Placement.number == number))
    if placement is None:
        raise NotFound
    return placement


def placement_named(session: Session, channel: Channel, name: str) -> Placement | None:
    """The channel's placement of this name (imports of costs and touchpoints name them)."""
    return session.scalar(
        sa.select(Placement).where(Placement.channel_number == channel.number, Placement.name == name)
    )


def list_placements(
    session: Session, *, channel_number: int | None = None, before: int | None = None, limit: int = 50
) -> list[Placement]:
    """Placements, newest first."""
    query = sa.select(Placement).order_by(Placement.number.desc()).limit(limit)
    if channel_number is not None:
        query = query.where(Placement.channel_number == channel_number)
    if before is not None:
        query = query.where(Placement.number < before)
    return list(session.scalars(query))


def judge_detail(plugin_key: str, detail: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The plugin's own fields of a placement, as they are kept. Raises `Invalid`, naming the fields."""
    channel = host().channels.get(plugin_key)
    if channel is None:  # `direct`, or a plugin that is gone
        return dict(detail)
    try:
        judged: BaseModel = channel.placement_detail.model_validate(detail)
    except ValidationError as error:
        fields = [
            FieldError(".".join(["detail", *map(str, e["loc"])]), e["type"], e["msg"])
            for e in error.errors(include_input=False)
        ]
        raise Invalid("The placement's fields do not fit.", fields=fields) from None
    return judged.model_dump(mode="json")


def _set_period(placement: Placement, starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at < starts_at:
        raise Invalid(fields=[FieldError("ends_at", "before_start", "The period ends before it starts.")])
    placement.starts_at, placement.ends_at = starts_at.astimezone(UTC), ends_at and ends_at.astimezone(UTC)


def _refuse_taken_name(session: Session, placement: Placement) -> None:
    taken = session.scalar(
        sa.select(Placement.id).where(
            Placement.channel_number == placement.channel_number,
            Placement.name == placement.name,
            Placement.id != placement.id,
        )
    )
    if taken is not None:
        raise Conflict(f"The channel has a placement named {placement.name} already.")
