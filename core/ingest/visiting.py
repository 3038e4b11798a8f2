"""Page views become touchpoints only where a visit begins, or where somebody marked the way to us."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.contacts import service as contacts
from core.db import insert_new
from core.ingest.models import RecentVisits
from core.ingest.visits import join_visit
from core.ingest.writing import Fact

MARK = "is_marked"


def keep_visits(session: Session, channel: Channel, facts: Sequence[Fact]) -> list[Fact]:
    """`facts` without page views inside a visit that is known already. `is_marked` leaves the detail here."""
    views = [fact for fact in facts if MARK in fact.detail]
    if not views:
        return list(facts)
    numbers = contacts.resolve(session, [fact.claims for fact in views], at=[fact.at for fact in views])
    spans = _load(session, channel, set(numbers))
    dropped: set[int] = set()
    for number, fact in sorted(zip(numbers, views, strict=True), key=lambda pair: pair[1].at):
        known = [(first, last) for first, last in spans.get(number, [])]
        joined, is_new = join_visit(known, clock.to_us(fact.at))
        spans[number] = [list(span) for span in joined]
        if not is_new and not fact.detail[MARK]:
            dropped.add(id(fact))
    _save(session, channel, spans)
    return [_unmark(fact) if MARK in fact.detail else fact for fact in facts if id(fact) not in dropped]


def _unmark(fact: Fact) -> Fact:
    return fact._replace(detail={name: value for name, value in fact.detail.items() if name != MARK})


def _load(session: Session, channel: Channel, numbers: set[int]) -> dict[int, list[list[int]]]:
    query = sa.select(RecentVisits).where(
        RecentVisits.channel_number == channel.number, RecentVisits.contact_number.in_(numbers)
    )
    return {row.contact_number: row.visits for row in session.scalars(query)}


def _save(session: Session, channel: Channel, spans: dict[int, list[list[int]]]) -> None:
    known = {
        row.contact_number: row
        for row in session.scalars(
            sa.select(RecentVisits).where(
                RecentVisits.channel_number == channel.number, RecentVisits.contact_number.in_(spans)
            )
        )
    }
    new = []
    for number, visits in spans.items():
        if number in known:
            known[number].visits = visits
        else:
            new.append({"channel_number": channel.number, "contact_number": number, "visits": visits})
    insert_new(session, RecentVisits, new, conflict=("channel_number", "contact_number"))
    session.flush()
