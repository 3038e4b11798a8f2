"""The states of a card: printed -> active -> redeemed, and void for one that was lost before it was redeemed."""

import uuid
from collections.abc import Mapping
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.placements.models import CardCode, Placement

Deed = Literal["activate", "deactivate", "void", "restore"]
DEEDS: tuple[Deed, ...] = ("activate", "deactivate", "void", "restore")
OPPOSITE: Mapping[Deed, Deed] = {
    "activate": "deactivate",
    "deactivate": "activate",
    "void": "restore",
    "restore": "void",
}
_FROM: Mapping[Deed, tuple[str, ...]] = {
    "activate": ("printed",),
    "deactivate": ("active",),
    "void": ("printed", "active"),
    "restore": ("void",),
}
STATES = ("printed", "active", "redeemed", "void")


def works_after_shipping(placement: Placement) -> bool:
    """Whether cards of this batch work only once they are active; else a printed card works at once."""
    return placement.detail.get("only_after_shipping") is True


def move_cards(
    session: Session,
    placement_number: int,
    deed: Deed,
    numbers: range,
    *,
    move: uuid.UUID,
    undoes: uuid.UUID | None = None,
) -> int:
    """Move those of these cards that can be moved, and remember that `move` did; how many were.

    With `undoes`, only cards that nothing has moved since that move.
    """
    query = sa.update(CardCode).where(
        CardCode.placement_number == placement_number,
        CardCode.number >= numbers.start,
        CardCode.number < numbers.stop,
        CardCode.state.in_(_FROM[deed]),
    )
    if undoes is not None:
        query = query.where(CardCode.moved_by == undoes)
    changed = query.values(**_values(deed), moved_by=move).returning(CardCode.id)
    return len(session.scalars(changed.execution_options(synchronize_session=False)).all())


def count_states(session: Session, placement: Placement) -> dict[str, int]:
    """How many cards of the placement are in each state."""
    query = sa.select(CardCode.state, sa.func.count()).where(CardCode.placement_number == placement.number)
    found = dict(session.execute(query.group_by(CardCode.state)).all())
    return {state: found.get(state, 0) for state in STATES}


def _values(deed: Deed) -> dict[str, Any]:
    if deed == "activate":
        return {"state": "active", "activated_at": clock.now()}
    if deed == "deactivate":
        return {"state": "printed", "activated_at": None}
    if deed == "void":
        return {"state": "void"}
    return {"state": sa.case((CardCode.activated_at.is_not(None), "active"), else_="printed")}
