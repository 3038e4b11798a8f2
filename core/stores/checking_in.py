"""Somebody leaves a phone number at a place: the plugin says what it means; the gift follows in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from core import clock
from core.channels.service import channel_by_number, settings_of
from core.contacts.service import IdentityClaim as Claim
from core.contacts.service import resolve
from core.db import new_id, reading, writing
from core.ingest.card_words import plain_landing
from core.ingest.claiming import settle_form
from core.ingest.claims import claim_by_token
from core.ingest.facts import take
from core.logs import logger
from core.placements.codes import PREFIX
from core.placements.links import find_link, resolve_code
from core.placements.publishing import facts_of
from core.placements.service import placement_by_number
from core.plugin_host import host
from core.sdk.events import Event, Touch
from core.sdk.failures import ChannelFailure
from core.sdk.placements import Code, Landing
from core.sdk.placements import Placement as PlacementFacts
from core.sdk.requests import Request
from core.sdk.values import IdentityClaim
from core.stores.board import BY_CLERK
from core.stores.gifts import Handed, hand_out
from core.tenants.service import tenant_now

log = logger(__name__)


@dataclass(frozen=True)
class Spot:
    """A placement whose own page is shown, with what its plugin is asked with."""

    tenant: int
    brand: str
    state: Literal["form", "used", "closed"]
    channel_number: int
    placement_number: int
    plugin_key: str
    placement: PlacementFacts
    code: Code
    settings: dict[str, JsonValue]
    token: str = ""


def open_spot(link_code: str, token: str = "", *, base: str) -> Spot | None:
    """The place behind a tracked link's code, or None for a code nobody made or whose plugin has no page.

    With `token` it is the page of one person's claim there (`core.ingest.claims`).
    """
    found = resolve_code(link_code)
    if found is None:
        return None
    with reading(found.tenant) as session:
        placement = placement_by_number(session, found.placement_number)
        channel = channel_by_number(session, placement.channel_number)
        link = find_link(session, found.link_id)
        manifest = host().manifests.get(channel.plugin_key)
        if manifest is None or not manifest.own_page:
            return None
        claim = claim_by_token(session, placement.number, token) if token else None
        if token and claim is None:
            return None
        grace = host().channels[channel.plugin_key].page_grace
        is_over = placement.ends_at is not None and placement.ends_at + grace < clock.now()
        is_closed = is_over or "archived" in (placement.state, channel.state, link.state)
        return Spot(
            tenant=found.tenant,
            brand=tenant_now(session).name,
            state="closed" if is_closed else "used" if claim and claim.claimed_at else "form",
            channel_number=channel.number,
            placement_number=placement.number,
            plugin_key=channel.plugin_key,
            placement=facts_of(session, placement),
            code=Code(serial=link.code, url=f"{base}{PREFIX}{link.code}", label=link.label, is_personal=bool(token)),
            settings=settings_of(session, channel),
            token=token,
        )


def landing_of(spot: Spot) -> Landing:
    """What the plugin wants to show, or a plain page when it cannot say."""
    try:
        return host().call(spot.plugin_key, "landing", spot.placement, spot.code, spot.settings)
    except ChannelFailure:
        log.warning("the plugin %s showed no page; a plain one is used", spot.plugin_key)
        return plain_landing(spot.brand)


def check_in(
    spot: Spot, landing: Landing, answers: Mapping[str, str], *, visitor: str = "", clerk: str = ""
) -> Handed | None:
    """Record who was there and hand out the gift; None where the place has none.

    `visitor` is the browser that filled in the form, `clerk` the placement of the clerk who did it for them.

    Raises `ChannelFailure` when the plugin cannot read the form, and `ClaimRefused` for a code in it that is used or
    names nothing.
    """
    request = Request(
        id=str(new_id()),
        received_at=clock.now(),
        form=dict(answers),
        code=spot.code.serial,
        placement_id=spot.placement.id,
    )
    events = host().call(spot.plugin_key, "parse", request, spot.settings)
    with writing(spot.tenant) as session:
        channel = channel_by_number(session, spot.channel_number)
        settled = settle_form(
            session,
            channel,
            events,
            placement_number=spot.placement_number,
            placement_id=spot.placement.id,
            answers=answers,
            claim=claim_by_token(session, spot.placement_number, spot.token) if spot.token else None,
        )
        taken = take(session, channel, [_by_whom(event, visitor, clerk) for event in settled])
        if taken.refused:
            log.warning("%d events of a check-in were left out", len(taken.refused))
        who = _named(events)
        if not who or landing.gift is None or not landing.gift_stock:
            return None
        contact = resolve(session, [who])[0]
        placement = placement_by_number(session, spot.placement_number)
        return hand_out(session, placement, contact, stock=landing.gift_stock)


def _named(events: Sequence[Event]) -> tuple[Claim, ...]:
    """Who it was, as far as somebody said: the strong names of the first event that has any."""
    for event in events:
        strong = tuple(Claim(one.kind, one.value, one.app) for one in event.who if one.kind in ("phone", "email"))
        if strong:
            return strong
    return ()


def _by_whom(event: Event, visitor: str, clerk: str) -> Event:
    """With the browser's name among the person's, and the clerk beside the visit."""
    if visitor:
        event = event.model_copy(update={"who": (*event.who, IdentityClaim(kind="cookie", value=visitor))})
    if clerk and isinstance(event, Touch) and event.kind == "visit":
        event = event.model_copy(update={"detail": {**event.detail, BY_CLERK: clerk}})
    return event
