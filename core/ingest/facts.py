"""Events as plugins report them become facts: touches, orders, people, consent, receipts. The one way in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.channels import service as channels
from core.channels.models import Channel
from core.consent import service as consent
from core.contacts import service as contacts
from core.contacts.identities import BadIdentity, IdentityClaim, normalise_all
from core.contacts.relations import RelationTold, note_relations
from core.errors import Invalid
from core.ingest.claims import Asked, keep_claims
from core.ingest.counted import take_figures
from core.ingest.origins import Place, Places, find_places
from core.ingest.proof import STRANGER, set_strangers_aside
from core.ingest.put_out import take_placements
from core.ingest.receipts import take_receipts
from core.ingest.vendor_ids import minute_of
from core.ingest.visiting import keep_visits
from core.ingest.writing import Fact, OrderFact, change_order, write_facts
from core.referrals.service import InviterTold, claim_inviters
from core.rewards.joining import name_joined
from core.rewards.settling import settle_receipts
from core.sdk.events import (
    ClaimAsked,
    ConsentGiven,
    Event,
    Figures,
    IdentitySeen,
    Lead,
    Notice,
    OptOut,
    OrderSeen,
    PlacementSeen,
    Receipt,
    RelationSeen,
    Reply,
    Touch,
)
from core.tenants.currencies import to_minor
from core.tenants.service import tenant_now

MOST_DETAILS = 30
Named = tuple[Event, tuple[IdentityClaim, ...]]
_REACHED = ("phone", "email")
ELSEWHERE = (Touch, OrderSeen, Reply, ClaimAsked, RelationSeen)
"""Events whose people are found when their facts are written, or, of relations, when they are read."""


@dataclass
class Taken:
    """What became of a list of events; `refused` says why by event id."""

    touchpoints: int = 0
    orders: int = 0
    duplicates: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def take(session: Session, channel: Channel, events: Sequence[Event]) -> Taken:
    """Store what is not there yet; at most about 1,000 events a call. A bad event is refused alone, by its id."""
    taken = Taken()
    events = name_joined(session, channel.number, events)
    events, strangers = set_strangers_aside(session, channel, events)
    taken.refused |= dict.fromkeys(strangers, STRANGER)
    known = [(event, claims) for event in events if (claims := _read_names(event, taken)) is not None]
    taken.refused |= take_placements(session, channel, [one for one in events if isinstance(one, PlacementSeen)])
    figures = [event for event in events if isinstance(event, Figures)]
    places = find_places(session, channel, [*(event for event, _ in known), *figures])
    taken.refused |= take_figures(session, places, figures)
    brand = tenant_now(session).currency
    facts = [fact for event, claims in known if (fact := _fact(channel, event, claims, places, brand, taken))]
    facts = keep_visits(session, channel, facts)
    written = write_facts(session, facts)
    taken.touchpoints, taken.orders, taken.duplicates = written.touchpoints, written.orders, written.duplicates
    _keep_claims(session, known, facts, written.contacts)
    _change_orders(session, channel, known, brand, taken)
    _note_people(session, known)
    _note_relations(session, channel, known)
    take_receipts(session, channel, settle_receipts(session, channel.number, events))
    # A visit that an advertisement led to comes by the shop's channel, and is told of the advertisement's.
    seen = [*((channel.number, event.at) for event in events), *((fact.channel_number, fact.at) for fact in facts)]
    channels.note_latest(session, seen)
    return taken


def _read_names(event: Event, taken: Taken) -> tuple[IdentityClaim, ...] | None:
    """The event's claims, checked; None for an event that speaks of nobody we could find."""
    if isinstance(event, (Receipt, Figures, PlacementSeen, Notice)):
        return None
    claims = [IdentityClaim(one.kind, one.value, one.app) for one in event.who]
    if not claims and isinstance(event, OrderSeen) and event.state in ("refunded", "cancelled"):
        return ()
    try:
        names = normalise_all(claims)
    except BadIdentity as refusal:
        taken.refused[event.event_id] = refusal.reason
        return None
    return tuple(IdentityClaim(one.kind, one.value, one.app or None) for one in names)


def _fact(
    channel: Channel,
    event: Event,
    claims: tuple[IdentityClaim, ...],
    places: Places,
    brand: str,
    taken: Taken,
) -> Fact | None:
    place = places.of(event)
    if isinstance(event, OrderSeen):
        return _order_fact(channel, event, claims, place.placement_number, brand, taken)
    kind = _touch_kind(event)
    if kind is None or (isinstance(event, Touch) and event.needs_placement and place == Place(channel.number)):
        return None
    detail: dict[str, object] = _told_of(event)
    return Fact(
        event_id=event.event_id,
        channel_number=place.channel_number,
        at=event.at,
        claims=claims,
        touch=kind,
        placement_number=place.placement_number,
        detail=dict(list(_with_minute(channel, place, event, detail).items())[:MOST_DETAILS]),
        is_bot=isinstance(event, Touch) and event.is_bot,
    )


def _told_of(event: Event) -> dict[str, object]:
    if isinstance(event, ClaimAsked):
        return {**event.detail, "keyword": event.keyword}
    return dict(event.detail) if isinstance(event, (Touch, Lead)) else {}


def _with_minute(channel: Channel, place: Place, event: Event, detail: dict[str, object]) -> dict[str, object]:
    """The detail with the minute of the show, for a channel that has shows."""
    minute = minute_of(channel, starts_at=place.starts_at, ends_at=place.ends_at, at=event.at)
    return detail if minute is None else {"minute": minute, **detail}


def _touch_kind(event: Event) -> str | None:
    if isinstance(event, Touch):
        return event.kind
    if isinstance(event, Lead):
        return "lead"
    if isinstance(event, ClaimAsked):
        return "comment"
    return "reply" if isinstance(event, Reply) else None


def _order_fact(
    channel: Channel,
    event: OrderSeen,
    claims: tuple[IdentityClaim, ...],
    placement: int | None,
    brand: str,
    taken: Taken,
) -> Fact | None:
    """The order as a fact; None for one that only changes a known order, or that cannot be taken."""
    order = _read_order(event, brand, taken)
    if order is None or _is_change(event, claims):
        return None
    if not claims or event.amount is None:
        taken.refused[event.event_id] = "missing"
        return None
    return Fact(event.event_id, channel.number, event.at, claims, order=order, placement_number=placement)


def _is_change(event: OrderSeen, claims: tuple[IdentityClaim, ...]) -> bool:
    return event.state in ("refunded", "cancelled") and (event.amount is None or not claims)


def _read_order(event: OrderSeen, brand: str, taken: Taken) -> OrderFact | None:
    if event.currency and event.currency != brand:
        taken.refused[event.event_id] = "other_currency"
        return None
    try:
        amount = to_minor(str(event.amount), brand) if event.amount is not None else 0
        refund = to_minor(str(event.refund), brand) if event.refund is not None else None
        part = to_minor(str(event.refund_part), brand) if event.refund_part is not None else None
    except Invalid as refusal:
        taken.refused[event.event_id] = refusal.fields[0].code
        return None
    return OrderFact(event.order_no, amount, brand, event.state, refund, part)


def _keep_claims(session: Session, known: Sequence[Named], facts: Sequence[Fact], contacts: Sequence[int]) -> None:
    """A claim code for everybody who asked for one, where the placement is known that offers it."""
    asking = {event.event_id: event for event, _ in known if isinstance(event, ClaimAsked)}
    if asking:
        asked = [
            Asked(asking[fact.event_id], fact.placement_number, contact)
            for fact, contact in zip(facts, contacts, strict=True)
            if fact.event_id in asking and fact.placement_number is not None
        ]
        keep_claims(session, asked)


def _change_orders(
    session: Session,
    channel: Channel,
    known: Sequence[Named],
    brand: str,
    taken: Taken,
) -> None:
    """Refunds and cancellations, after the orders of the same batch are there; those of unknown ones wait."""
    for event, claims in known:
        if not isinstance(event, OrderSeen) or not _is_change(event, claims) or event.event_id in taken.refused:
            continue
        order = _read_order(event, brand, taken)
        if order:
            change_order(session, channel.number, order, event_id=event.event_id, at=event.at)


def _note_people(session: Session, known: Sequence[Named]) -> None:
    """Joins, traits, opt-outs and consent: they concern the person and need no touch."""
    about = [(event, claims) for event, claims in known if claims and not isinstance(event, ELSEWHERE)]
    numbers = contacts.resolve(session, [claims for _, claims in about], at=[event.at for event, _ in about])
    traits: dict[int, dict[str, str | None]] = defaultdict(dict)
    inviters: list[InviterTold] = []
    for (event, claims), number in zip(about, numbers, strict=True):
        if isinstance(event, IdentitySeen):
            traits[number] |= {name[:60]: str(value)[:500] for name, value in event.traits.items() if value is not None}
            if event.invited_by:
                inviters.append(InviterTold(number, event.invited_by, event.at, "identify"))
        elif isinstance(event, Lead):
            traits[number] |= {name[:60]: text[:500] for name, text in event.fields.items()}
        elif isinstance(event, OptOut):
            consent.opt_out(
                session,
                number,
                addresses=claims,
                medium=event.medium,
                word=event.word,
                source="opt_out",
                evidence=event.event_id,
                at=event.at,
            )
        elif isinstance(event, ConsentGiven):
            consent.grant(
                session,
                number,
                purpose=event.purpose,
                medium=event.medium,
                source="plugin",
                wording=event.wording,
                evidence=event.event_id,
                at=event.at,
            )
    for number, told in traits.items():
        _describe(session, number, told)
    claim_inviters(session, inviters)


def _note_relations(session: Session, channel: Channel, known: Sequence[Named]) -> None:
    told = [
        RelationTold(event.event_id, claims, event.account, event.state, event.by, event.at)
        for event, claims in known
        if isinstance(event, RelationSeen)
    ]
    if told:
        note_relations(session, channel.number, told)


def _describe(session: Session, number: int, told: dict[str, str | None]) -> None:
    """Names and phones are identities, not traits; what does not fit a profile is left out rather than refused."""
    plain = {name: value for name, value in list(told.items())[:20] if name not in (*_REACHED, "userId", "anonymousId")}
    try:
        if plain:
            contacts.describe(session, number, fields=plain)
    except Invalid:
        return
