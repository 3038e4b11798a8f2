"""Requests that a channel sends to its vendors, counted by day, so that a day's limits can be foreseen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import insert_new, writing
from core.ingest.models import VendorCalls
from core.sdk.tally import counting_requests
from core.tenants.service import tenant_now

KEPT = timedelta(days=60)


@contextmanager
def counted(tenant: int, channel: int, verb: str, *, begins_round: bool = True) -> Iterator[None]:
    """Around a call of a plugin, outside of any transaction: what it sent is written down, also when it failed.

    A round is what the schedule begins: a pull of many pages is one.
    """
    with counting_requests() as made:
        try:
            yield
        finally:
            if made:
                with writing(tenant) as session:
                    note_calls(session, channel, verb, dict(made), rounds=int(begins_round))


def note_calls(session: Session, channel: int, verb: str, made: Mapping[str, int], *, rounds: int) -> None:
    """Add to the day's counts; a row a host."""
    day = local_day(session)
    key = {"channel_number": channel, "day": day, "verb": verb}
    rows = [{**key, "host": name[:100], "rounds": 0, "calls": 0} for name in made]
    insert_new(session, VendorCalls, rows, conflict=("channel_number", "day", "verb", "host"))
    for name, calls in made.items():
        session.execute(
            sa.update(VendorCalls)
            .where(*(getattr(VendorCalls, column) == value for column, value in key.items()))
            .where(VendorCalls.host == name[:100])
            .values(rounds=VendorCalls.rounds + rounds, calls=VendorCalls.calls + calls)
            .execution_options(synchronize_session=False)
        )


def expire_calls(session: Session, *, limit: int = 1_000) -> int:
    """Take away counts that no forecast looks at any more, a bounded number; returns how many went."""
    old = sa.select(VendorCalls.id).where(VendorCalls.day < local_day(session) - KEPT).limit(limit)
    gone = session.scalars(old).all()
    session.execute(sa.delete(VendorCalls).where(VendorCalls.id.in_(gone)))
    return len(gone)


def local_day(session: Session) -> date:
    """Today by the brand's clock."""
    return clock.now().astimezone(ZoneInfo(tenant_now(session).timezone)).date()


def calls_since(session: Session, channel: int, day: date) -> list[VendorCalls]:
    """What was sent on that local day and later."""
    query = sa.select(VendorCalls).where(VendorCalls.channel_number == channel, VendorCalls.day >= day)
    return list(session.scalars(query.order_by(VendorCalls.host, VendorCalls.verb, VendorCalls.day)))
