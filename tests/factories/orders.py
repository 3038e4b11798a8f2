"""Orders for tests."""

from datetime import UTC, datetime
from itertools import count

from core.orders.service import NewOrder

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_serial = count(1)


def new_order(
    contact_number: int,
    *,
    amount_minor: int = 10_000,
    order_no: str | None = None,
    event_id: str | None = None,
    placed_at: datetime = NOON,
    channel_number: int = 1,
    state: str = "placed",
) -> NewOrder:
    serial = next(_serial)
    return NewOrder(
        event_id=event_id or f"o{serial}",
        channel_number=channel_number,
        order_no=order_no or f"N{serial}",
        contact_number=contact_number,
        placed_at=placed_at,
        amount_minor=amount_minor,
        currency="CNY",
        state=state,
    )
