"""Clicks of the journal become touchpoints, under the ids minted when they happened: once, however often shipped."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.service import note_events
from core.contacts.service import IdentityClaim, resolve
from core.deliveries.service import contacts_of
from core.placements.clicks import Click
from core.placements.codes import LINK_CHARACTERS, split_code
from core.placements.links import read_recipient
from core.placements.models import CardCode, Link, Placement
from core.touchpoints.service import NewTouch, record

CARD_MARK = "c/"
"""Before the serial in the code of a scanned card; a link's code has no such mark."""


@dataclass(frozen=True)
class Origin:
    """What a code was made for: its placement, channel, and the link's code (empty for a card)."""

    placement: int
    channel: int
    link: str


def store_clicks(session: Session, clicks: Sequence[Click], origins: Sequence[Origin]) -> int:
    """Record the clicks of one tenant, `origins[i]` being where `clicks[i]` came from; returns how many were new."""
    contacts = _contacts(session, clicks, origins)
    touches = [
        NewTouch(
            event_id=click.id.hex,
            contact_number=contact,
            channel_number=origin.channel,
            placement_number=origin.placement,
            kind=click.kind,
            at=click.at,
            detail=_detail(click, origin),
            is_bot=click.is_bot,
        )
        for click, origin, contact in zip(clicks, origins, contacts, strict=True)
    ]
    new = len(record(session, touches).new)
    if new:
        latest = max(click.at for click in clicks)
        note_events(session, {origin.channel for origin in origins}, latest)
    return new


def find_origins(
    session: Session, *, links: Sequence[uuid.UUID], cards: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Origin]:
    """Where these links and cards of the bound tenant belong, by their ids."""
    found: dict[uuid.UUID, Origin] = {}
    query = sa.select(Link.id, Link.code, Placement.number, Placement.channel_number).join(
        Placement, sa.and_(Placement.number == Link.placement_number, Placement.tenant_id == Link.tenant_id)
    )
    for row in session.execute(query.where(Link.id.in_(links))):
        found[row.id] = Origin(row.number, row.channel_number, row.code)
    cards_query = sa.select(CardCode.id, Placement.number, Placement.channel_number).join(
        Placement, sa.and_(Placement.number == CardCode.placement_number, Placement.tenant_id == CardCode.tenant_id)
    )
    for card in session.execute(cards_query.where(CardCode.id.in_(cards))):
        found[card.id] = Origin(card.number, card.channel_number, "")
    return found


def _contacts(session: Session, clicks: Sequence[Click], origins: Sequence[Origin]) -> list[int]:
    deliveries = [_delivery(session, click, origin) for click, origin in zip(clicks, origins, strict=True)]
    known = contacts_of(session, sorted({number for number in deliveries if number is not None}))
    numbers = [known.get(number) if number is not None else None for number in deliveries]
    strangers = [index for index, number in enumerate(numbers) if number is None]
    claims = {index: _visitor(clicks[index]) for index in strangers}
    first_seen: dict[IdentityClaim, datetime] = {}
    for index, claim in claims.items():
        first_seen[claim] = min(first_seen.get(claim, clicks[index].at), clicks[index].at)
    visitors = resolve(session, [[claim] for claim in first_seen], at=list(first_seen.values()))
    contact = dict(zip(first_seen, visitors, strict=True))
    found = {index: contact[claim] for index, claim in claims.items()}
    return [found[index] if number is None else number for index, number in enumerate(numbers)]


def _delivery(session: Session, click: Click, origin: Origin) -> int | None:
    if not origin.link or len(click.code) == LINK_CHARACTERS:
        return None
    parts = split_code(click.code)
    return read_recipient(session, origin.link, parts[1]) if parts else None


def _visitor(click: Click) -> IdentityClaim:
    """The visitor's cookie; machines share one visitor, so that they do not swell the brand's list."""
    if click.is_bot:
        return IdentityClaim("cookie", "machines")
    if (
        click.code.isalnum() and len(click.code) > LINK_CHARACTERS
    ):  # a recipient whom no delivery knows (any more): one visitor a code
        return IdentityClaim("cookie", f"recipient-{click.code}")
    return IdentityClaim("cookie", click.visitor or click.id.hex)


def _detail(click: Click, origin: Origin) -> dict[str, object]:
    detail: dict[str, object] = {"link": origin.link} if origin.link else {}
    referrer = _host(click.referrer)
    if referrer:
        detail["referrer"] = referrer
    if click.is_bot and click.agent:
        detail["agent"] = click.agent[:120]
    return detail


def _host(referrer: str) -> str:
    if not referrer:
        return ""
    try:
        return (urlsplit(referrer).hostname or "")[:120]
    except ValueError:
        return ""
