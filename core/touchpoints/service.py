"""Recording touchpoints, once each, and reading the timeline of a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.erased_names import forgotten_places
from core.contacts.feed import tell_lake
from core.contacts.models import Contact
from core.db import insert_columns, new_ids
from core.errors import FieldError, Invalid
from core.touchpoints.detail import clean_detail
from core.touchpoints.kinds import KINDS
from core.touchpoints.models import Touchpoint
from core.touchpoints.origins import note_origins

MAX_EVENT_ID = 200


NO_DETAIL: Mapping[str, object] = MappingProxyType({})


class NewTouch(NamedTuple):
    """A touchpoint to record. `detail` is small, flat and about the event, not about the person.

    A tuple, so that a thousand of them become columns in one step.
    """

    event_id: str
    contact_number: int
    channel_number: int
    placement_number: int | None
    kind: str
    at: datetime
    detail: Mapping[str, object] = NO_DETAIL
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """Which of the given are new, by their places, and how many were there already."""

    new: Sequence[int]
    duplicates: int


def record(session: Session, touches: Sequence[NewTouch]) -> Recorded:
    """Store the touches that are not there yet, at most about 1,000 a call.

    Raises:
        Invalid: a kind outside the list, an empty or long event id, a detail that is not small and flat.
    """
    if not touches:
        return Recorded(new=(), duplicates=0)
    columns: dict[str, Sequence[object]] = dict(zip(NewTouch._fields, zip(*touches, strict=True), strict=True))
    _check(touches)
    columns["id"] = new_ids(len(touches))
    columns["detail"] = _clean_details(session, touches)
    new = insert_columns(session, Touchpoint, columns, conflict=("channel_number", "event_id"))
    if new:
        note_origins(session, [touches[i] for i in new])
        tell_lake(session)
    return Recorded(new=new, duplicates=len(touches) - len(new))


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


def _check(touches: Sequence[NewTouch]) -> None:
    for i, touch in enumerate(touches):
        if touch.kind not in KINDS:
            raise Invalid(fields=[FieldError(f"{i}.kind", "unknown", f"{touch.kind!r} is none of {', '.join(KINDS)}")])
        if not 0 < len(touch.event_id) <= MAX_EVENT_ID:
            raise Invalid(fields=[FieldError(f"{i}.event_id", "length", f"give 1 to {MAX_EVENT_ID} characters")])


def _clean_details(session: Session, touches: Sequence[NewTouch]) -> list[Mapping[str, object]]:
    """Cleaned once each: clicks of one link share one detail, and most rows of a file have none.

    What an erased person did before the erasure is counted and not described.
    """
    cleaned: dict[int, Mapping[str, object]] = {}
    details: list[Mapping[str, object]] = []
    for touch in touches:
        detail = cleaned.get(id(touch.detail))
        if detail is None:
            detail = cleaned[id(touch.detail)] = clean_detail(touch.detail)
        details.append(detail)
    if any(details):
        contacts, moments = [touch.contact_number for touch in touches], [touch.at for touch in touches]
        for place in forgotten_places(session, contacts, moments):
            details[place] = {}
    return details
