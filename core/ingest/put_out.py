"""What a vendor says was put out (a live session, a video) becomes a placement, or corrects the one that is meant."""

from collections.abc import Sequence

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.errors import SiyuError
from core.ingest.vendor_ids import find_vendor_ids
from core.placements.models import Placement
from core.placements.service import change_placement, create_placement, judge_detail, placement_named
from core.sdk.events import PlacementSeen


def take_placements(session: Session, channel: Channel, events: Sequence[PlacementSeen]) -> dict[str, str]:
    """Make or correct placements; returns why by event id for those that cannot be. Told again, nothing changes."""
    refused: dict[str, str] = {}
    for event in events:
        try:
            _take(session, channel, event)
        except SiyuError as refusal:
            refused[event.event_id] = refusal.code
    return refused


def _take(session: Session, channel: Channel, event: PlacementSeen) -> None:
    known = placement_named(session, channel, event.name) or _meant(session, channel, event)
    told: dict[str, JsonValue] = {name: value for name, value in event.detail.items() if value not in (None, "")}
    if known is None:
        create_placement(
            session,
            channel=channel,
            name=event.name,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            detail=told,
        )
        return
    if known.state != "active":
        return
    filled = {**told, **{name: value for name, value in known.detail.items() if value not in (None, "")}}
    detail = judge_detail(channel.plugin_key, filled)
    if (known.starts_at, known.ends_at, known.detail) == (event.starts_at, event.ends_at or known.ends_at, detail):
        return
    change_placement(
        session,
        known,
        name=known.name,
        starts_at=event.starts_at,
        ends_at=event.ends_at or known.ends_at,
        cost_minor=None,
        detail=filled,
        plugin_key=channel.plugin_key,
    )


def _meant(session: Session, channel: Channel, event: PlacementSeen) -> Placement | None:
    """The one that the operator planned: by the vendor's own ids, at the time it began."""
    detail = {name: str(value) for name, value in event.detail.items() if value}
    found = find_vendor_ids(session, channel, [detail]).of(detail, event.starts_at)
    is_over = found is not None and found.ends_at is not None and found.ends_at < event.starts_at
    return None if is_over else found
