"""Touchpoints for tests."""

from datetime import UTC, datetime
from itertools import count

from core.touchpoints.service import NewTouch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_serial = count(1)


def new_touch(
    contact_number: int,
    *,
    kind: str = "click",
    at: datetime = NOON,
    channel_number: int = 1,
    placement_number: int | None = None,
    event_id: str | None = None,
    is_bot: bool = False,
    **detail: object,
) -> NewTouch:
    return NewTouch(
        event_id=event_id or f"e{next(_serial)}",
        contact_number=contact_number,
        channel_number=channel_number,
        placement_number=placement_number,
        kind=kind,
        at=at,
        detail=detail,
        is_bot=is_bot,
    )
