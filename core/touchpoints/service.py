"""Recording touchpoints, once each, and reading the timeline of a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.feed import tell_lake
from core.contacts.models import Contact
from core.db import insert_new, new_id
from core.errors import FieldError, Invalid
from core.touchpoints.detail import clean_detail
from core.touchpoints.kinds import KINDS
from core.touchpoints.models import Touchpoint
from core.touchpoints.origins import note_origins

MAX_EVENT_ID = 200


@dataclass(frozen=True, slots=True)
class NewTouch:
    """A touchpoint to record. `detail` is small, flat and about the event, not about the person."""

    event_id: str
    contact_number: int
    channel_number: int
    placement_number: int | None
    kind: str
    at: datetime
    detail: dict[str, object] = field(default_factory=dict)
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ids of rows that are new, in the order given, and how many were there already."""

    new: list[UUID]
    duplicates: int


def record(session: Session, touches: Sequence[NewTouch]) -> Recorded:
    """Store the touches that are not there yet, at most about 1,000 a call.

    Raises:
        Invalid: a kind outside the list, an empty or long event id, a detail that is not small and flat.
    """
    rows = [_row(i, touch) for i, touch in enumerate(touches)]
    inserted = set(insert_new(session, Touchpoint, rows, conflict=("channel_number", "event_id")))
    new = [i for i, row in enumerate(rows) if row["id"] in inserted]
    if new:
        note_origins(session, [touches[i] for i in new])
        tell_lake(session)
    ids = [row_id for row in rows if isinstance(row_id := row["id"], UUID) and row_id in inserted]
    return Recorded(new=ids, duplicates=len(rows) - len(ids))


def timeline(session: Session, contact_numbers: Collection[int], *, limit: int = 200) -> list[Touchpoint]:
    """The newest touches of these contacts, without those a visitor had before the past that was linked."""
    query = (
        sa.select(Touchpoint)
        .join(Contact, Contact.number == Touchpoint.contact_number)
        .where(Touchpoint.contact_number.in_(contact_numbers))
        .where(sa.or_(Contact.facts_since.is_(None), Touchpoint.at >= Contact.facts_since))
        .order_by(Touchpoint.at.desc(), Touchpoint.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def clear_details(session: Session, contact_numbers: Collection[int]) -> int:
    """Empty what the touches of these contacts tell beside channel, kind and time; how many touches."""
    mine = sa.update(Touchpoint).where(Touchpoint.contact_number.in_(contact_numbers)).values(detail={})
    return len(session.scalars(mine.returning(Touchpoint.id)).all())


def _row(i: int, touch: NewTouch) -> dict[str, object]:
    if touch.kind not in KINDS:
        raise Invalid(fields=[FieldError(f"{i}.kind", "unknown", f"{touch.kind!r} is none of {', '.join(KINDS)}")])
    if not 0 < len(touch.event_id) <= MAX_EVENT_ID:
        raise Invalid(fields=[FieldError(f"{i}.event_id", "length", f"give 1 to {MAX_EVENT_ID} characters")])
    return {
        "id": new_id(),
        "contact_number": touch.contact_number,
        "channel_number": touch.channel_number,
        "placement_number": touch.placement_number,
        "kind": touch.kind,
        "at": touch.at,
        "event_id": touch.event_id,
        "is_bot": touch.is_bot,
        "detail": clean_detail(touch.detail),
    }
