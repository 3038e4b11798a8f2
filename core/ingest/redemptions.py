"""Opening a printed card and redeeming it: once, in one transaction with the facts that come of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, settings_of
from core.contacts.service import IdentityClaim as Claim
from core.contacts.service import normalise
from core.db import new_id, reading, vault_of, writing
from core.errors import Invalid
from core.ingest.card_limits import Limits, check_limits
from core.ingest.card_orders import join_card
from core.ingest.card_words import plain_landing
from core.ingest.facts import take
from core.logs import logger
from core.placements.card_people import Whence, address_digest, device_digest
from core.placements.cards import card_code, find_card, redeem, redeemed_at, working_states
from core.placements.models import CardCode, Placement, Redemption
from core.placements.publishing import card_code_of, facts_of
from core.placements.refused import RefusalReason, keep_refusal
from core.placements.service import placement_by_number
from core.placements.signs import judge_redemption, note_sign
from core.plugin_host import host
from core.rewards.earning import earn
from core.rewards.joining import Holder, ask_to_join
from core.sdk.events import Event, Touch
from core.sdk.failures import ChannelFailure
from core.sdk.placements import Code, Landing, LandingField
from core.sdk.placements import Placement as PlacementFacts
from core.sdk.requests import Request
from core.sdk.values import IdentityClaim, Text
from core.tenants.service import tenant_now
from core.touchpoints.models import Touchpoint

log = logger(__name__)
LONGEST_ANSWER = 200
CardState = Literal["form", "used", "closed", "early", "void"]


@dataclass(frozen=True)
class Card:
    """A card that exists, as its page needs it."""

    tenant: int
    code_id: uuid.UUID
    code: Code
    state: CardState
    used_at: datetime | None
    brand: str
    zone: str
    channel_number: int
    plugin_key: str
    placement: PlacementFacts
    settings: dict[str, JsonValue]


@dataclass(frozen=True)
class Attempt:
    """A form that was posted for a card: what was typed, from which browser and address, when.

    With `welcome` the page that asked for it leads on to the brand's account or group, in these words.
    """

    answers: Mapping[str, str]
    visitor: str
    device: bytes | None
    address: bytes | None
    at: datetime
    welcome: Text | None = None


def open_card(serial: str, *, base: str) -> Card | None:
    """The card of a canonical serial, or None. Changes nothing."""
    found = find_card(serial)
    if found is None:
        return None
    with reading(found.tenant) as session:
        return card_of(session, found.tenant, card_code(session, found.target), serial, base=base)


def card_of(session: Session, tenant_id: int, row: CardCode, serial: str, *, base: str) -> Card:
    """The card as its page needs it."""
    placement = placement_by_number(session, row.placement_number)
    channel = channel_by_number(session, placement.channel_number)
    tenant = tenant_now(session)
    used_at = redeemed_at(session, row)
    return Card(
        tenant=tenant_id,
        code_id=row.id,
        code=card_code_of(serial, base),
        state=_state(placement, channel, row.state, is_working=row.state in working_states(session, row)),
        used_at=used_at,
        brand=tenant.name,
        zone=tenant.timezone,
        channel_number=channel.number,
        plugin_key=channel.plugin_key,
        placement=facts_of(session, placement),
        settings=settings_of(session, channel),
    )


def landing_of(card: Card) -> Landing:
    """What the plugin wants to show, or a plain page when it cannot say."""
    try:
        return host().call(card.plugin_key, "landing", card.placement, card.code, card.settings)
    except ChannelFailure:
        log.warning("the plugin %s showed no landing; a plain one is used", card.plugin_key)
        return plain_landing(card.brand)


def judge_answers(fields: Sequence[LandingField], posted: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers as typed, and for each that will not do one of `missing`, `phone`, `email` by field."""
    answers, wrong = {}, {}
    for field in fields:
        typed = "".join(char for char in posted.get(field.name, "") if char.isprintable()).strip()[:LONGEST_ANSWER]
        answers[field.name] = typed
        if not typed:
            if field.is_required:
                wrong[field.name] = "missing"
        elif field.kind in ("phone", "email") and not _names_somebody(field.kind, typed):
            wrong[field.name] = field.kind
    return answers, wrong


def redeem_card(
    card: Card, answers: Mapping[str, str], *, whence: Whence, limits: Limits, welcome: Text | None = None
) -> str | None:
    """Redeem the card and record who did, what they agreed to, and what they earned.

    A card in an order's parcel joins its buyer. Returns the secret part of the address that shows what was earned,
    None where nothing was.

    Raises:
        AlreadyRedeemed: somebody was faster.
        NotActive: it was made void, or taken back from shipping, this moment.
        LimitReached: this person or address may redeem no more.
    """
    at = clock.now()
    events = read_events(card, answers, at=at)
    with writing(card.tenant) as session:
        vault = vault_of(session)
        device, address = device_digest(vault, whence.visitor), address_digest(vault, whence.address)
        check_limits(session, limits, channel_number=card.channel_number, events=events, address=address, at=at)
        return redeem_in(session, card, events, Attempt(answers, whence.visitor, device, address, at, welcome))


def redeem_in(session: Session, card: Card, events: list[Event], attempt: Attempt) -> str | None:
    """What redeeming does, in the caller's transaction; returns and raises what `redeem_card` does, but for limits."""
    row = card_code(session, card.code_id)
    answers = {name: text for name, text in attempt.answers.items() if text}
    redemption = redeem(session, row, at=attempt.at, answers=answers, device=attempt.device, address=attempt.address)
    if not any(isinstance(event, Touch) and event.kind == "redeem" for event in events):
        own = Touch(event_id=f"redeem-{redemption.id}", at=attempt.at, kind="redeem", placement_id=card.placement.id)
        events.append(own)
    channel = channel_by_number(session, card.channel_number)
    named = [_named(event, card, attempt.visitor) for event in events]
    taken = take(session, channel, named)
    redemption.contact_number = _redeemer(session, channel, events)
    session.flush()
    judge_redemption(session, redemption)
    if join_card(session, row) == "other":
        subject = row.id.bytes
        note_sign(session, row.placement_number, "other_buyer", subject=subject, count=1, at=attempt.at, code_id=row.id)
    who, visitor = redemption.contact_number, attempt.visitor
    token = earn(session, row, channel=channel.number, contact=who, visitor=visitor, at=attempt.at)
    if (welcome := attempt.welcome) is not None:
        holder = Holder(who, named[0].who, visitor)
        token = ask_to_join(session, row, channel=channel.number, holder=holder, welcome=welcome)
    for event_id, reason in taken.refused.items():
        log.warning("an event of a redemption was left out: %s %s", event_id, reason)
    return token


def keep_refused(card: Card, reason: RefusalReason, answers: Mapping[str, str], *, whence: Whence) -> None:
    """Keep a redemption that was refused; the redeemer's own second try of a used card is none."""
    with writing(card.tenant) as session:
        row = card_code(session, card.code_id)
        mine = device_digest(vault_of(session), whence.visitor)
        redeemed_by = session.scalar(sa.select(Redemption.device).where(Redemption.code_id == row.id))
        if reason == "used" and mine is not None and mine == redeemed_by:
            return
        keep_refusal(session, row, reason, answers=answers, whence=whence, at=clock.now())


def _redeemer(session: Session, channel: Channel, events: Sequence[Event]) -> int | None:
    """The contact whose redemption these events told of."""
    told = [event.event_id for event in events if isinstance(event, Touch) and event.kind == "redeem"]
    query = sa.select(Touchpoint.contact_number).where(
        Touchpoint.channel_number == channel.number, Touchpoint.event_id.in_(told)
    )
    return session.scalars(query.order_by(Touchpoint.id)).first()


def _state(placement: Placement, channel: Channel, state: str, *, is_working: bool) -> CardState:
    if state == "redeemed":
        return "used"
    ended = placement.ends_at is not None and placement.ends_at < clock.now()
    if ended or "archived" in (placement.state, channel.state):
        return "closed"
    return "form" if is_working else "void" if state == "void" else "early"


def _names_somebody(kind: str, typed: str) -> bool:
    try:
        normalise(Claim(kind, typed))
    except Invalid:
        return False
    return True


def read_events(card: Card, answers: Mapping[str, str], *, at: datetime) -> list[Event]:
    """The facts of a form, as the card's plugin reads them."""
    request = Request(
        id=str(new_id()),
        received_at=at,
        form=dict(answers),
        code=card.code.serial,
        placement_id=card.placement.id,
    )
    try:
        return list(host().call(card.plugin_key, "parse", request, card.settings))
    except ChannelFailure:
        # The customer holds a real card: it is redeemed all the same, and what was typed is kept with it.
        log.warning("the plugin %s could not read a redemption", card.plugin_key)
        return []


def _named(event: Event, card: Card, visitor: str) -> Event:
    """The event with the browser that showed the card beside the names the plugin read; somebody is always named."""
    who = event.who
    if visitor:
        who = (*who, IdentityClaim(kind="cookie", value=visitor))
    return event.model_copy(update={"who": who or (IdentityClaim(kind="cookie", value=f"card-{card.code_id.hex}"),)})
