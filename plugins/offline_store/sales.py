"""A sale as any system tells it, and the facts that come of it: always the same ones, whichever message told it.

Webhooks, pulls and files of one order give the same events with the same ids, so that it does not matter how often, in
which order or how late they come.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.sdk import Detail, Event, IdentityClaim, OrderSeen, Touch, Traffic
from plugins.offline_store.places import KEYS


@dataclass(frozen=True)
class Refund:
    """One refund by its own id; `amount` None gives everything back."""

    key: str
    at: datetime
    amount: Decimal | None = None


@dataclass(frozen=True)
class Sale:
    """One order. `key` is the system's name and id; `codes` are discount and staff codes in it, the first counts most.

    `store` is the till's number of the store, "" for an online order; `is_met` says that the buyer stood in it.
    """

    key: str
    order_no: str
    at: datetime
    who: tuple[IdentityClaim, ...]
    amount: Decimal
    currency: str | None = None
    codes: tuple[str, ...] = ()
    store: str = ""
    is_met: bool = False
    traffic: Traffic | None = None
    refunds: tuple[Refund, ...] = ()
    cancelled_at: datetime | None = None


def tell_sale(sale: Sale) -> list[Event]:
    """The order, what came of it since, and the touches that it proves."""
    events: list[Event] = [*_touches(sale), _order(sale)]
    events += [tell_refund(sale.order_no, refund) for refund in sale.refunds]
    if sale.cancelled_at is not None:
        events.append(tell_cancel(sale.key, sale.order_no, sale.cancelled_at))
    return events


def tell_refund(order_no: str, refund: Refund) -> OrderSeen:
    """One refund; parts add up."""
    return OrderSeen(
        event_id=_short(f"refund-{refund.key}"),
        at=refund.at,
        order_no=order_no,
        state="refunded",
        refund_part=refund.amount,
    )


def tell_cancel(key: str, order_no: str, at: datetime) -> OrderSeen:
    """The order counts as never placed."""
    return OrderSeen(event_id=_short(f"cancel-{key}"), at=at, order_no=order_no, state="cancelled")


def _order(sale: Sale) -> OrderSeen:
    return OrderSeen(
        event_id=_short(f"order-{sale.key}"),
        at=sale.at,
        who=sale.who,
        order_no=sale.order_no,
        state="paid",
        amount=sale.amount,
        currency=sale.currency,
        code=sale.codes[0] if sale.codes else None,
        detail=name_place(code=sale.codes[0] if sale.codes else "", store=sale.store),
    )


def name_place(*, code: str = "", store: str = "") -> Detail:
    """The part of an event's detail by which the host finds the place: see `KEYS`."""
    return {name: value for name, value in zip(KEYS, (code, store), strict=True) if value}


def _touches(sale: Sale) -> Iterator[Touch]:
    if sale.store or sale.is_met:
        yield Touch(
            event_id=_short(f"visit-{sale.key}"),
            at=sale.at,
            who=sale.who,
            kind="visit",
            code=sale.codes[0] if sale.codes else None,
            needs_placement=not sale.is_met,
            detail=name_place(code=sale.codes[0] if sale.codes else "", store=sale.store),
        )
    for code in () if sale.is_met else sale.codes:
        yield Touch(
            event_id=_short(f"redeem-{sale.key}-{code}"),
            at=sale.at,
            who=sale.who,
            kind="redeem",
            code=code,
            needs_placement=True,
            detail=name_place(code=code),
        )
    if sale.traffic is not None and sale.traffic.is_marked:
        yield Touch(
            event_id=_short(f"landing-{sale.key}"),
            at=sale.at,
            who=sale.who,
            kind="visit",
            code=sale.traffic.code or None,
            needs_placement=True,
            detail={**sale.traffic.as_detail(), "campaign": sale.traffic.campaign, "is_marked": True},
        )


def _short(event_id: str) -> str:
    """An id that fits; a very long one keeps its beginning and a digest of all of it."""
    if len(event_id) <= 190:
        return event_id
    return event_id[:120] + "-" + hashlib.sha256(event_id.encode()).hexdigest()[:40]
