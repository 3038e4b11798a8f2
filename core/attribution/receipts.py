"""Why an order counts for these touches: its journey, every model's shares, and the touches that did not count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.attribution.credits import effects_of
from core.attribution.execution import chosen_span, models_of
from core.attribution.journeys import Flags, Floats, Ints, Journeys, Orders, Touches
from core.attribution.lake_journeys import Span
from core.attribution.matching import Cut, match_touches
from core.attribution.model_kinds import is_touch_model
from core.attribution.models import AttributionRun
from core.attribution.rounding import largest_remainder
from core.attribution.sharing import per_touch, weighed
from core.attribution.spreading import effect_weights
from core.attribution.trimming import DirectTouches, Trimming
from core.attribution.upstream import UPSTREAM
from core.attribution.upstream_shares import RaisedShare, raise_shares
from core.contacts.lookup import family
from core.contacts.models import Contact
from core.lake.facts import KIND_CODES, WEIGHTLESS, TouchFacts, sequence_of
from core.orders.models import Order
from core.touchpoints.models import Touchpoint

WEIGHTLESS_KINDS = frozenset(name for name, code in KIND_CODES.items() if code in WEIGHTLESS)


@dataclass(frozen=True, slots=True)
class Share:
    """What one model gives one touch: a weight, and minor units that sum to the order over its touches."""

    model: str
    share: float
    amount_minor: int
    is_explanation: bool


@dataclass(frozen=True, slots=True)
class ReceiptTouch:
    """A touch of the order's contact; reason: why it did not count, None when it did."""

    id: str
    at: datetime
    channel_number: int
    placement_number: int | None
    kind: str
    shares: list[Share]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UpstreamPart:
    """What the model `upstream` gives an inviter `level` above the order's contact: at the channel, placement and day
    that brought them."""

    level: int
    contact_number: int
    channel_number: int
    placement_number: int | None
    joined_at: datetime
    share: float
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """counted: whether the order lies in the run's window; touches: its journey; outside: the contact's others;
    upstream: what went up the chain of inviters, as it stands now."""

    order: Order
    run: AttributionRun
    counted: bool
    net_minor: int
    touches: list[ReceiptTouch]
    outside: list[ReceiptTouch]
    upstream: list[UpstreamPart]


def make_receipt(session: Session, order: Order, run: AttributionRun) -> Receipt:
    """The receipt of an order by the options of a run; channel models explain with the effects that run found."""
    span = chosen_span(session, run)
    person = _person_at(session, order.contact_number, order.placed_at)
    touches, strangers = _touches_of(session, person)
    orders = _orders_of(session, person)
    counted = order.state != "cancelled" and span.start_us <= clock.to_us(order.placed_at) < span.end_us
    place = next((i for i, one in enumerate(orders) if one.id == order.id), None)
    admitted = {i for i, touch in enumerate(touches) if _is_admitted(touch, order, span.trimming)}
    inside: Ints = np.empty(0, np.int64)
    shares: dict[str, tuple[Floats, bool]] = {}
    raised: list[RaisedShare] = []
    if place is not None:
        journey = _journey(touches, sorted(admitted), orders, place, span)
        if journey is not None:
            inside = journey.cell
            shares = _shares(session, journey, run, direct=span.trimming.direct_channel)
            if run.upstream_share:
                weights, raised = raise_shares(session, run, journey, contact=order.contact_number)
                shares[UPSTREAM] = weights, False
    net = 0 if order.state == "cancelled" else order.amount_minor - order.refunded_minor
    amounts = {model: largest_remainder(weights, net) for model, (weights, _) in shares.items() if model != UPSTREAM}
    if UPSTREAM in shares:
        amounts[UPSTREAM] = largest_remainder(np.append(shares[UPSTREAM][0], [one.share for one in raised]), net)
    journeyed = [
        _shown(
            touches[int(i)],
            [
                Share(model, float(weights[at]), int(amounts[model][at]), explains)
                for model, (weights, explains) in shares.items()
            ],
        )
        for at, i in enumerate(inside)
    ]
    cut_at = clock.to_us(orders[place - 1].placed_at) if place else None
    others = [i for i in range(len(touches)) if i not in set(inside.tolist())]
    outside = [_shown(touches[i], [], _reason(touches[i], order, span, cut_at)) for i in others]
    outside = sorted([*outside, *(_shown(touch, [], "no_identity") for touch in strangers)], key=lambda one: one.at)
    parts = [_shown_part(one, int(amounts[UPSTREAM][len(inside) + at])) for at, one in enumerate(raised)]
    return Receipt(order, run, counted, net, journeyed, outside, parts)


def _person_at(session: Session, contact: int, at: datetime) -> dict[int, datetime | None]:
    """The contacts that are one person with this one now, with the instant from which their facts are that person's."""
    own = session.scalars(sa.select(Contact).where(Contact.number == contact)).one()
    if own.merged_into is not None and own.facts_since is not None and at < own.facts_since:
        return {contact: None}
    members = family(session, [own.root])
    rows = session.execute(sa.select(Contact.number, Contact.facts_since).where(Contact.number.in_(members)))
    return {number: since if number != own.root else None for number, since in rows}


def _touches_of(session: Session, person: Mapping[int, datetime | None]) -> tuple[list[Touchpoint], list[Touchpoint]]:
    """The person's touches, and those of a visitor who was linked to them from before anybody knew who it was."""
    rows = list(session.scalars(sa.select(Touchpoint).where(Touchpoint.contact_number.in_(person))))
    mine = [row for row in rows if (since := person[row.contact_number]) is None or row.at >= since]
    strangers = [row for row in rows if (since := person[row.contact_number]) is not None and row.at < since]
    return [mine[i] for i in _recorded_order([row.at for row in mine], [row.id.bytes for row in mine])], strangers


def _orders_of(session: Session, person: Mapping[int, datetime | None]) -> list[Order]:
    rows = session.scalars(sa.select(Order).where(Order.contact_number.in_(person), Order.state != "cancelled"))
    mine = [row for row in rows if (since := person[row.contact_number]) is None or row.placed_at >= since]
    return [mine[i] for i in _recorded_order([row.placed_at for row in mine], [row.id.bytes for row in mine])]


def _recorded_order(at: Sequence[datetime], ids: Sequence[bytes]) -> list[int]:
    """By time, then by recording: the order of the lake."""
    if not at:
        return []
    order: list[int] = np.lexsort((sequence_of(ids), np.array([clock.to_us(one) for one in at], np.int64))).tolist()
    return order


def _journey(
    touches: Sequence[Touchpoint], usable: Sequence[int], orders: Sequence[Order], place: int, span: Span
) -> Journeys | None:
    """The order's own journey; the cell of a touch is its place among `touches`."""
    chosen = [touches[i] for i in usable]
    found = Touches(
        np.ones(len(chosen), np.int64),
        np.array([clock.to_us(touch.at) for touch in chosen], np.int64),
        np.array([touch.channel_number for touch in chosen], np.int32),
        np.array(usable, np.int64),
    )
    counted: Flags = np.arange(len(orders)) == place
    value = np.ones(len(orders))
    placed = np.array([clock.to_us(order.placed_at) for order in orders], np.int64)
    matched = match_touches(found, Orders(np.ones(len(orders), np.int64), placed, value, counted), window=span.window)
    weighing = span.trimming.weights is not None
    kind = np.array([KIND_CODES[touch.kind] for touch in chosen], np.int8)[matched.touch] if weighing else None
    journeys = span.trimming.trim(matched.part, kind=kind).journeys
    return journeys if len(journeys) else None


def _is_admitted(touch: Touchpoint, order: Order, trimming: Trimming) -> bool:
    """Whether the lake's run would look at the touch."""
    if touch.is_bot:
        return False
    one = [np.array([value]) for value in (order.contact_number, 0, touch.channel_number, 0, KIND_CODES[touch.kind], 0)]
    return bool(trimming.admits(TouchFacts(*one))[0])


def _shares(session: Session, journey: Journeys, run: AttributionRun, *, direct: int) -> dict[str, tuple[Floats, bool]]:
    effects = effects_of(session, run.id)
    shares: dict[str, tuple[Floats, bool]] = {}
    for name, model in models_of(run, direct=direct).items():
        if is_touch_model(model):
            shares[name] = per_touch(journey, weighed(journey, model.credits(journey))), False
        elif name in effects:
            share = np.array(effects[name]["share_value"], np.float64)
            known = np.pad(share, (0, max(0, int(journey.channel.max()) + 1 - len(share))))
            shares[name] = effect_weights(journey, effects=known), True
    return shares


def _shown(touch: Touchpoint, shares: list[Share], reason: str | None = None) -> ReceiptTouch:
    return ReceiptTouch(
        str(touch.id), touch.at, touch.channel_number, touch.placement_number, touch.kind, shares, reason
    )


def _shown_part(raised: RaisedShare, amount_minor: int) -> UpstreamPart:
    contact = raised.inviter
    assert contact.origin_channel_number is not None and contact.joined_at is not None, "a share rises to origins only"
    return UpstreamPart(
        raised.level,
        contact.number,
        contact.origin_channel_number,
        contact.origin_placement_number,
        contact.joined_at,
        raised.share,
        amount_minor,
    )


def _reason(touch: Touchpoint, order: Order, span: Span, cut_at: int | None) -> str:
    """Why a touch did not count; the closed list is in docs/attribution.md."""
    at, placed = clock.to_us(touch.at), clock.to_us(order.placed_at)
    if touch.is_bot:
        return "machine"
    if not _is_admitted(touch, order, span.trimming):
        return _reason_left_out(touch, order, span.trimming)
    if at > placed:
        return "after_order"
    if span.window.cut is Cut.PREVIOUS_ORDER and cut_at is not None and at <= cut_at:
        return "previous_order"
    if at < placed - span.window.lookback_us:
        return "too_old"
    return "order_not_counted" if order.state == "cancelled" else _reason_trimmed(touch, span.trimming)


def _reason_left_out(touch: Touchpoint, order: Order, trimming: Trimming) -> str:
    if trimming.strangers is not None and order.contact_number in trimming.strangers:
        return "visitor"
    if trimming.direct is DirectTouches.DROP and touch.channel_number == trimming.direct_channel:
        return "direct"
    return "outgoing" if touch.kind in WEIGHTLESS_KINDS else "weightless"


def _reason_trimmed(touch: Touchpoint, trimming: Trimming) -> str:
    """Inside the window, and yet not in the journey."""
    if trimming.direct is DirectTouches.LAST_RESORT and touch.channel_number == trimming.direct_channel:
        return "direct"
    return "repeated"
