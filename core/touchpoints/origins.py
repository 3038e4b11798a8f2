"""Where contacts came from: the last inbound touch up to the moment they joined, else the first one after.

It is kept on the contact, because cost per contact, segments by source and the contact list all ask for it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.changing import change_contacts
from core.contacts.links import VisitorLink, when_linked
from core.contacts.models import Contact
from core.db import among
from core.touchpoints.kinds import INBOUND
from core.touchpoints.models import Touchpoint


class Meeting(Protocol):
    """What is asked of a touch here."""

    @property
    def contact_number(self) -> int: ...
    @property
    def channel_number(self) -> int: ...
    @property
    def placement_number(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def is_bot(self) -> bool: ...


def is_nearer(at: datetime, *, than: datetime | None, joined_at: datetime) -> bool:
    """Whether a touch at this instant explains the joining better than the one known so far."""
    if than is None:
        return True
    if at <= joined_at:
        return than > joined_at or at > than
    return than > joined_at and at < than


def note_origins(session: Session, touches: Iterable[Meeting]) -> None:
    """Let new touches of contacts that joined become their origin where they are nearer."""
    by_contact: dict[int, list[Meeting]] = {}
    for touch in touches:
        if touch.kind in INBOUND and not touch.is_bot:
            by_contact.setdefault(touch.contact_number, []).append(touch)
    if not by_contact:
        return
    query = sa.select(Contact.number, Contact.joined_at, Contact.origin_at).where(
        among(session, Contact.number, by_contact), Contact.joined_at.is_not(None)
    )
    changes: dict[int, dict[str, object]] = {}
    for number, joined_at, origin_at in session.execute(query):
        assert joined_at is not None
        best: Meeting | None = None
        for touch in by_contact[number]:
            if is_nearer(touch.at, than=best.at if best else origin_at, joined_at=joined_at):
                best = touch
        if best is not None:
            changes[number] = _origin(best)
    change_contacts(session, changes)


@when_linked
def inherit_origins(session: Session, links: Sequence[VisitorLink]) -> None:
    """What the visitor did just before becoming somebody is where that somebody came from."""
    joined = dict(
        session.execute(
            sa.select(Contact.number, Contact.joined_at).where(Contact.number.in_([link.contact for link in links]))
        ).all()
    )
    for link in links:
        joined_at = joined.get(link.contact)
        if joined_at is None:
            continue
        query = (
            sa.select(Touchpoint)
            .where(Touchpoint.contact_number == link.visitor, Touchpoint.at >= link.since, Touchpoint.at <= joined_at)
            .where(Touchpoint.kind.in_(INBOUND), Touchpoint.is_bot.is_(False))
            .order_by(Touchpoint.at.desc())
            .limit(1)
        )
        last = session.scalar(query)
        known = session.scalar(sa.select(Contact.origin_at).where(Contact.number == link.contact))
        if last is not None and is_nearer(last.at, than=known, joined_at=joined_at):
            change_contacts(session, {link.contact: _origin(last)})


def _origin(touch: Meeting) -> dict[str, object]:
    return {
        "origin_channel_number": touch.channel_number,
        "origin_placement_number": touch.placement_number,
        "origin_at": touch.at,
    }
