"""The one way facts become rows, whoever brings them (file, hook, SDK, link): people, touches and orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.consent import carrying  # noqa: F401 - it listens for the names that are stored here
from core.contacts.identities import IdentityClaim
from core.contacts.resolving import resolve
from core.db import take_turn
from core.errors import NotFound
from core.ingest.card_orders import join_new_orders
from core.ingest.early import Early, anything_waits, keep_early, release_early
from core.orders import service as orders
from core.orders.service import NewOrder
from core.touchpoints import service as touchpoints
from core.touchpoints.service import NO_DETAIL, NewTouch

ORDER_NO_LIMIT = 100


class OrderFact(NamedTuple):
    """An order as its source tells it now.

    `refund_minor` is what went back in all; None means everything, unless `part_minor` says what this one refund gave.
    """

    order_no: str
    amount_minor: int
    currency: str
    state: str
    refund_minor: int | None = None
    part_minor: int | None = None


class Fact(NamedTuple):
    """Something that one person did on a channel: a touch, an order, or both at once."""

    event_id: str
    channel_number: int
    at: datetime
    claims: tuple[IdentityClaim, ...]
    touch: str | None = None
    order: OrderFact | None = None
    placement_number: int | None = None
    detail: Mapping[str, object] = NO_DETAIL
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What is new, what was there already, and the contact of each fact in the order given."""

    touchpoints: int
    orders: int
    duplicates: int
    contacts: list[int]


def write_facts(session: Session, facts: Sequence[Fact]) -> Written:
    """Store what is not there yet, at most about 1,000 facts a call. Telling the same facts again changes nothing.

    The claims must be readable: check them with `core.contacts.identities.normalise_all` before.
    """
    contacts = resolve(session, [fact.claims for fact in facts], at=[fact.at for fact in facts])
    touched = touchpoints.record(
        session, [_touch(fact, who) for fact, who in zip(facts, contacts, strict=True) if fact.touch is not None]
    )
    both = [(fact, fact.order, who) for fact, who in zip(facts, contacts, strict=True) if fact.order is not None]
    if both:
        take_turn(session)  # a refund that finds no order yet looks once more in its turn, see `change_order`
    ordered = orders.record(session, [_order(fact, order, who) for fact, order, who in both])
    for fact, order, _ in both:
        if order.state in ("refunded", "cancelled"):
            _settle_order(session, fact.channel_number, order, event_id=fact.event_id, at=fact.at)
    _apply_early(session, [both[place][0] for place in ordered.new])
    join_new_orders(session, {both[place][1].order_no[:ORDER_NO_LIMIT].strip() for place in ordered.new})
    twice = sum(fact.touch is not None for fact, _, _ in both)
    duplicates = touched.duplicates + max(ordered.duplicates - twice, 0)
    return Written(len(touched.new), len(ordered.new), duplicates, contacts)


def _touch(fact: Fact, contact: int) -> NewTouch:
    assert fact.touch is not None
    return NewTouch(
        fact.event_id,
        contact,
        fact.channel_number,
        fact.placement_number,
        fact.touch,
        fact.at,
        fact.detail,
        fact.is_bot,
    )


def _order(fact: Fact, order: OrderFact, contact: int) -> NewOrder:
    back = order.part_minor if order.refund_minor is None else order.refund_minor
    partly = order.state == "refunded" and back is not None and back < order.amount_minor
    return NewOrder(
        event_id=fact.event_id,
        channel_number=fact.channel_number,
        order_no=order.order_no[:ORDER_NO_LIMIT],
        contact_number=contact,
        placed_at=fact.at,
        amount_minor=order.amount_minor,
        currency=order.currency,
        state="paid" if partly else order.state,
        placement_number=fact.placement_number,
    )


def change_order(session: Session, channel_number: int, order: OrderFact, *, event_id: str, at: datetime) -> None:
    """A refund or cancellation of an order; where the order is not there yet, it waits for it."""
    if _settle_order(session, channel_number, order, event_id=event_id, at=at):
        return
    if take_turn(session) and _settle_order(session, channel_number, order, event_id=event_id, at=at):
        return
    waiting = Early(_subject(order.order_no), event_id, at, order._asdict())
    keep_early(session, channel_number, [waiting])


def _apply_early(session: Session, placed: Sequence[Fact]) -> None:
    """What came before these new orders; nearly always there is nothing to look for, whatever their channels."""
    if not placed or not anything_waits(session):
        return
    subjects: dict[int, set[str]] = {}
    for fact in placed:
        assert fact.order is not None
        subjects.setdefault(fact.channel_number, set()).add(_subject(fact.order.order_no))
    for channel_number, names in subjects.items():
        for early in release_early(session, channel_number, names):
            order = OrderFact(**early.told)  # type: ignore[arg-type]  # what `change_order` kept
            _settle_order(session, channel_number, order, event_id=early.event_id, at=early.at)


def _subject(order_no: str) -> str:
    return f"order:{order_no[:ORDER_NO_LIMIT].strip()}"


def _settle_order(session: Session, channel_number: int, order: OrderFact, *, event_id: str, at: datetime) -> bool:
    """Move a known order to where its source says it is now; it never moves back. False where it is unknown."""
    order_no = order.order_no[:ORDER_NO_LIMIT]
    try:
        known = orders.find_order(session, channel_number=channel_number, order_no=order_no)
        if order.state == "cancelled":
            orders.cancel(session, channel_number=channel_number, order_no=order_no, event_id=event_id, at=at)
            return True
        wanted = _wanted_refund(known.amount_minor, known.refunded_minor, order)
        if wanted > known.refunded_minor:
            give_back = orders.refund_cancelled if known.state == "cancelled" else orders.refund
            more = wanted - known.refunded_minor
            give_back(
                session, channel_number=channel_number, order_no=order_no, amount_minor=more, event_id=event_id, at=at
            )
    except NotFound:
        return False
    return True


def _wanted_refund(amount: int, refunded: int, order: OrderFact) -> int:
    """What will have gone back in all: never more than the order. A part that was told before is known by its event."""
    if order.refund_minor is not None:
        return min(order.refund_minor, amount)
    return amount if order.part_minor is None else min(refunded + order.part_minor, amount)
