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
from core.ingest.card_scans import Scanned, note_scans
from core.placements.clicks import Click
from core.placements.codes import LINK_CHARACTERS, split_code
from core.placements.links import TEST_RECIPIENT, read_recipient
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
    card: uuid.UUID | None = None


def store_clicks(session: Session, clicks: Sequence[Click], origins: Sequence[Origin]) -> int:
    """Record the clicks of one tenant, `origins[i]` being where `clicks[i]` came from; returns how many were new."""
    clicks = [_judge(session, click, origin) for click, origin in zip(clicks, origins, strict=True)]
    contacts = _contacts(session, clicks, origins)
    details: dict[tuple[str, str, str], dict[str, object]] = {}
    touches = []
    for click, origin, contact in zip(clicks, origins, contacts, strict=True):
        told = (origin.link, click.referrer, click.agent if click.is_bot else "")
        detail = details.get(told)
        if detail is None:
            detail = details[told] = _detail(click, origin)
        touches.append(
            NewTouch(click.id, contact, origin.channel, origin.placement, click.kind, click.at, detail, click.is_bot)
        )
    new = len(record(session, touches).new)
    pairs = zip(clicks, origins, strict=True)
    note_scans(session, [Scanned(origin.card, click) for click, origin in pairs if origin.card and not click.is_bot])
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
        found[card.id] = Origin(card.number, card.channel_number, "", card.id)
    return found


def _contacts(session: Session, clicks: Sequence[Click], origins: Sequence[Origin]) -> list[int]:
    deliveries = [_delivery(session, click, origin) for click, origin in zip(clicks, origins, strict=True)]
    sent = sorted({number for number in deliveries if number is not None})
    known = contacts_of(session, sent) if sent else {}
    numbers = [known.get(number) if number is not None else None for number in deliveries]
    strangers = [index for index, number in enumerate(numbers) if number is None]
    cookies = {index: _visitor(clicks[index]) for index in strangers}
    first_seen: dict[str, datetime] = {}
    for index, cookie in cookies.items():
        seen = first_seen.get(cookie)
        if seen is None or clicks[index].at < seen:
            first_seen[cookie] = clicks[index].at
    claims = [(IdentityClaim("cookie", cookie),) for cookie in first_seen]
    visitors = resolve(session, claims, at=list(first_seen.values()))
    contact = dict(zip(first_seen, visitors, strict=True))
    return [contact[cookies[index]] if number is None else number for index, number in enumerate(numbers)]


def _judge(session: Session, click: Click, origin: Origin) -> Click:
    """A click on a campaign's test counts no more than a machine's."""
    return click._replace(is_bot=True) if _delivery(session, click, origin) == TEST_RECIPIENT else click


def _delivery(session: Session, click: Click, origin: Origin) -> int | None:
    if len(click.code) == LINK_CHARACTERS or not origin.link:
        return None
    parts = split_code(click.code)
    return read_recipient(session, origin.link, parts[1]) if parts else None


def _visitor(click: Click) -> str:
    """The visitor's cookie; machines share one visitor, so that they do not swell the brand's list."""
    if click.is_bot:
        return "machines"
    if len(click.code) > LINK_CHARACTERS and click.code.isalnum():
        return f"recipient-{click.code}"  # one whom no delivery knows (any more): one visitor a code
    return click.visitor or click.id


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
