"""Saving filters, counting and walking the people they find."""

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from core.contacts.models import Contact
from core.db import find
from core.errors import Conflict
from core.segments.filters import Filter
from core.segments.models import Segment
from core.segments.query import contacts_where

FILTER: TypeAdapter[Filter] = TypeAdapter(Filter)


def create_segment(session: Session, *, name: str, chosen: Filter) -> Segment:
    """Save a filter under a name.

    Raises:
        Conflict: the name is taken.
        NotFound: the filter names something that does not exist here.
    """
    _check(session, name, chosen)
    segment = Segment(name=name, filter=_stored(chosen))
    session.add(segment)
    session.flush()
    return segment


def change_segment(session: Session, segment: Segment, *, name: str, chosen: Filter) -> None:
    """Give a saved filter another name or other questions. Campaigns keep the audience they were made with.

    Raises:
        Conflict: the name is taken.
        NotFound: the filter names something that does not exist here.
    """
    _check(session, name, chosen, but=segment)
    segment.name, segment.filter = name, _stored(chosen)


def remove_segment(session: Session, segment: Segment) -> None:
    """Forget a saved filter. Nobody it finds is touched, and campaigns keep their audience."""
    session.delete(segment)


def find_segment(session: Session, segment_id: str) -> Segment:
    """One saved filter by its id. Raises `NotFound`."""
    return find(session, Segment, segment_id)


def list_segments(session: Session) -> list[Segment]:
    """All saved filters by name."""
    return list(session.scalars(sa.select(Segment).order_by(Segment.name)))


def _check(session: Session, name: str, chosen: Filter, *, but: Segment | None = None) -> None:
    contacts_where(session, chosen)
    taken = session.scalar(sa.select(Segment.id).where(Segment.name == name))
    if taken is not None and (but is None or taken != but.id):
        raise Conflict(f"There is a segment named {name} already.", code="name_taken")


def _stored(chosen: Filter) -> dict[str, object]:
    return chosen.model_dump(mode="json", exclude_none=True)


def filter_of(stored: dict[str, object]) -> Filter:
    """A stored filter as an object."""
    return FILTER.validate_python(stored)


def count_people(session: Session, chosen: Filter) -> int:
    """How many contacts the filter finds now."""
    found = contacts_where(session, chosen).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def walk_people(session: Session, chosen: Filter, *, after: int = 0, limit: int = 500) -> list[int]:
    """The next numbers of contacts that the filter finds, in order."""
    query = contacts_where(session, chosen).where(Contact.number > after).order_by(Contact.number).limit(limit)
    return list(session.scalars(query))
