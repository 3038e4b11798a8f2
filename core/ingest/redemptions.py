"""Opening a printed card and redeeming it: once, in one transaction with the facts that come of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, note_events, settings_of
from core.consent.service import NewConsent, note_consents
from core.contacts.service import IdentityClaim, normalise, resolve
from core.db import new_id, reading, writing
from core.errors import Invalid
from core.ingest.card_words import plain_landing
from core.logs import logger
from core.placements.cards import card_code, find_card, redeem, redeemed_at
from core.placements.models import Placement
from core.placements.publishing import card_code_of, facts_of
from core.placements.service import placement_by_number
from core.plugin_host import host
from core.sdk.events import ConsentGiven, Event, Touch
from core.sdk.failures import ChannelFailure
from core.sdk.placements import Code, Landing, LandingField
from core.sdk.placements import Placement as PlacementFacts
from core.sdk.requests import Request
from core.tenants.service import tenant_now
from core.touchpoints.service import NewTouch, record

log = logger(__name__)
LONGEST_ANSWER = 200


@dataclass(frozen=True)
class Card:
    """A card that exists, as its page needs it."""

    tenant: int
    code_id: uuid.UUID
    code: Code
    state: Literal["form", "used", "closed"]
    used_at: datetime | None
    brand: str
    zone: str
    channel_number: int
    plugin_key: str
    placement: PlacementFacts
    settings: dict[str, JsonValue]


def open_card(serial: str, *, base: str) -> Card | None:
    """The card of a canonical serial, or None. Changes nothing."""
    found = find_card(serial)
    if found is None:
        return None
    with reading(found.tenant) as session:
        row = card_code(session, found.target)
        placement = placement_by_number(session, row.placement_number)
        channel = channel_by_number(session, placement.channel_number)
        tenant = tenant_now(session)
        used_at = redeemed_at(session, row)
        return Card(
            tenant=found.tenant,
            code_id=row.id,
            code=card_code_of(serial, base),
            state=_state(placement, channel, used_at),
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


def redeem_card(card: Card, answers: Mapping[str, str], *, visitor: str) -> None:
    """Redeem the card and record who did and what they agreed to.

    Raises:
        AlreadyRedeemed: somebody was faster.
    """
    at = clock.now()
    events = _events(card, answers, at=at)
    with writing(card.tenant) as session:
        row = card_code(session, card.code_id)
        redemption = redeem(session, row, at=at, answers={k: v for k, v in answers.items() if v})
        if not any(isinstance(event, Touch) and event.kind == "redeem" for event in events):
            events.append(Touch(event_id=f"redeem-{redemption.id}", at=at, kind="redeem"))
        _record(session, card, row.placement_number, events, visitor=visitor)


def _state(placement: Placement, channel: Channel, used_at: datetime | None) -> Literal["form", "used", "closed"]:
    if used_at is not None:
        return "used"
    ended = placement.ends_at is not None and placement.ends_at < clock.now()
    return "closed" if ended or "archived" in (placement.state, channel.state) else "form"


def _names_somebody(kind: str, typed: str) -> bool:
    try:
        normalise(IdentityClaim(kind, typed))
    except Invalid:
        return False
    return True


def _events(card: Card, answers: Mapping[str, str], *, at: datetime) -> list[Event]:
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


def _record(session: Session, card: Card, placement: int, events: Sequence[Event], *, visitor: str) -> None:
    claims = dict.fromkeys(IdentityClaim(c.kind, c.value, c.app) for event in events for c in event.who)
    if visitor:
        claims[IdentityClaim("cookie", visitor)] = None
    if not claims:
        claims[IdentityClaim("cookie", f"card-{card.code_id.hex}")] = None
    (contact,) = resolve(session, [list(claims)], at=events[0].at)
    record(session, [_touch(card, placement, contact, event) for event in events if isinstance(event, Touch)])
    note_consents(session, [_consent(contact, event) for event in events if isinstance(event, ConsentGiven)])
    note_events(session, [card.channel_number], events[0].at)


def _touch(card: Card, placement: int, contact: int, event: Touch) -> NewTouch:
    return NewTouch(
        event_id=event.event_id,
        contact_number=contact,
        channel_number=card.channel_number,
        placement_number=placement,
        kind=event.kind,
        at=event.at,
        detail=dict(event.detail),
    )


def _consent(contact: int, event: ConsentGiven) -> NewConsent:
    return NewConsent(
        contact_number=contact,
        purpose=event.purpose,
        medium=event.medium,
        granted=True,
        at=event.at,
        source="card",
        wording=event.wording,
        evidence=event.event_id,
    )
