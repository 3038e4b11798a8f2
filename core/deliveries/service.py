"""Planning, taking and settling deliveries. Nothing here talks to a plugin."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import insert_new, next_numbers, parse_id, tenant_of
from core.deliveries.models import Delivery
from core.deliveries.states import ACCEPTED, DELIVERED, INTENDED, LEFT_THE_HOUSE, PLANNED, SKIPPED, UNKNOWN, moves
from core.touchpoints.service import NewTouch

MOST_TRIES = 5


@dataclass(frozen=True)
class Report:
    """What a plugin's outcome or a vendor's receipt says of one delivery; `at` where it says when that came true."""

    number: int
    state: str
    reason: str | None = None
    provider_id: str | None = None
    parts: int | None = None
    at: datetime | None = None


def message_key(session: Session, number: int) -> str:
    """The stable idempotency key of a delivery, the same over all attempts."""
    return f"{tenant_of(session)}-{number}"


def number_of_key(session: Session, key: str) -> int | None:
    """The delivery that a message key names, if it is one of the bound tenant's."""
    tenant, _, number = key.partition("-")
    return int(number) if tenant == str(tenant_of(session)) and number.isdecimal() and len(number) < 12 else None


def plan(session: Session, *, campaign: int, channel: int, placement: int, contacts: Sequence[int]) -> int:
    """Write deliveries for these contacts; those who have one already are left as they are."""
    numbers = next_numbers(session, "delivery", len(contacts)) if contacts else range(0)
    rows = [
        {
            "number": number,
            "campaign_number": campaign,
            "channel_number": channel,
            "placement_number": placement,
            "contact_number": contact,
            "state": PLANNED,
            "tries": 0,
            "asks": 0,
            "changed_at": clock.now(),
        }
        for number, contact in zip(numbers, contacts, strict=True)
    ]
    return len(insert_new(session, Delivery, rows, conflict=("campaign_number", "contact_number")))


def planned_batch(session: Session, campaign: int, limit: int) -> list[Delivery]:
    """The next deliveries of a campaign that wait to be sent."""
    query = sa.select(Delivery).where(Delivery.campaign_number == campaign, Delivery.state == PLANNED)
    return list(session.scalars(query.order_by(Delivery.number).limit(limit)))


def intend(deliveries: Iterable[Delivery]) -> None:
    """Mark these, and only these, as about to be handed to the provider."""
    now = clock.now()
    for row in deliveries:
        row.state, row.tries, row.sent_at, row.changed_at = INTENDED, row.tries + 1, now, now


def skip(row: Delivery, reason: str) -> None:
    """This one is not sent, for a reason that the operator is shown."""
    row.state, row.reason, row.changed_at = SKIPPED, reason, clock.now()


def give_up_on_intended(session: Session, campaign: int) -> int:
    """After a crash nobody knows whether these left: they become `unknown` and are never sent again."""
    result = session.execute(
        sa.update(Delivery)
        .where(Delivery.campaign_number == campaign, Delivery.state == INTENDED)
        .values(state=UNKNOWN, reason="process_died", changed_at=clock.now())
        .returning(Delivery.number)
    )
    return len(result.all())


def put_back(session: Session, number: int, reason: str, *, was_tried: bool = True) -> None:
    """The provider surely did not take it: it may be tried again, a few times. One that failed for the account's fault
    (`was_tried` is false) has not been tried at all."""
    row = session.scalar(sa.select(Delivery).where(Delivery.number == number, Delivery.state == INTENDED))
    if row is None:
        return
    row.tries -= not was_tried
    row.state = PLANNED if row.tries < MOST_TRIES else "failed"
    row.reason, row.sent_at, row.changed_at = reason, None, clock.now()


def settle(session: Session, channel: int, reports: Iterable[Report]) -> list[Delivery]:
    """Apply reports about deliveries of one channel; each moves its delivery forward or not at all.

    Returns those that moved.
    """
    by_number = {report.number: report for report in reports}
    query = sa.select(Delivery).where(Delivery.channel_number == channel, Delivery.number.in_(by_number))
    moved = []
    for row in session.scalars(query):
        report = by_number[row.number]
        row.provider_id = row.provider_id or report.provider_id
        row.parts = row.parts or report.parts
        if moves(row.state, report.state):
            row.state, row.reason, row.changed_at = report.state, report.reason, clock.now()
            moved.append(row)
    return moved


def find_numbers(session: Session, channel: int, provider_ids: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Deliveries (number, contact) of a channel by the provider's id; one id may cover a whole batch."""
    found: dict[str, list[tuple[int, int]]] = {}
    query = sa.select(Delivery.provider_id, Delivery.number, Delivery.contact_number)
    for provider_id, number, contact in session.execute(
        query.where(Delivery.channel_number == channel, Delivery.provider_id.in_(provider_ids))
    ):
        found.setdefault(provider_id or "", []).append((number, contact))
    return found


def touches_of(moved: Iterable[Delivery], reports: Iterable[Report]) -> list[NewTouch]:
    """What these deliveries are on a contact's timeline: sent, and delivered; they weigh nothing by default.

    Each is of the time that its report tells, so that a late one ends where a prompt one does.
    """
    told = {report.number: report.at for report in reports}
    kinds = {ACCEPTED: ("message_sent",), DELIVERED: ("message_sent", "message_delivered")}
    return [
        NewTouch(
            f"{kind}-{row.number}",
            row.contact_number,
            row.channel_number,
            row.placement_number,
            kind,
            _came_true(row, told.get(row.number)),
        )
        for row in moved
        for kind in kinds.get(row.state, ())
    ]


def _came_true(row: Delivery, told: datetime | None) -> datetime:
    """The time that was told, within what can be: vendors' clocks differ, and some callbacks bear no signature."""
    if told is None:
        return row.changed_at
    return max(min(told, row.changed_at), row.sent_at or told)


def contacts_reached(session: Session, channel: int, contacts: Sequence[int]) -> set[int]:
    """Those of these contacts who got a message by this channel, or may have."""
    query = sa.select(Delivery.contact_number).where(
        Delivery.channel_number == channel,
        Delivery.contact_number.in_(contacts),
        Delivery.state.in_((*LEFT_THE_HOUSE, INTENDED)),
    )
    return set(session.scalars(query))


def contacts_of(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Whose deliveries these are."""
    query = sa.select(Delivery.number, Delivery.contact_number).where(Delivery.number.in_(numbers))
    return dict(session.execute(query).all())


def sent_since(session: Session, contacts: Sequence[int], since: datetime) -> Counter[int]:
    """How many messages each of these contacts got, or may have got, since an instant."""
    query = (
        sa.select(Delivery.contact_number, sa.func.count())
        .where(Delivery.contact_number.in_(contacts), Delivery.sent_at >= since)
        .where(Delivery.state.in_((*LEFT_THE_HOUSE, INTENDED)))
        .group_by(Delivery.contact_number)
    )
    return Counter(dict(session.execute(query).all()))


def count_states(session: Session, campaign: int) -> dict[str, int]:
    """How many deliveries of a campaign are in each state."""
    query = sa.select(Delivery.state, sa.func.count()).where(Delivery.campaign_number == campaign)
    return dict(session.execute(query.group_by(Delivery.state)).all())


def count_reasons(session: Session, campaign: int) -> dict[str, int]:
    """Why deliveries of a campaign were skipped or failed."""
    query = sa.select(Delivery.reason, sa.func.count()).where(
        Delivery.campaign_number == campaign,
        Delivery.reason.is_not(None),
        Delivery.state.in_((SKIPPED, "failed", UNKNOWN)),
    )
    return {reason or "": count for reason, count in session.execute(query.group_by(Delivery.reason))}


def list_deliveries(
    session: Session, campaign: int, *, state: str | None, before: str | None, limit: int
) -> list[Delivery]:
    """A campaign's deliveries, newest first."""
    query = sa.select(Delivery).where(Delivery.campaign_number == campaign).order_by(Delivery.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Delivery.state == state)
    if before is not None:
        query = query.where(Delivery.id < parse_id(before))
    return list(session.scalars(query))
