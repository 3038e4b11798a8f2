"""Which channel and placement does an event belong to? By id, code, campaign, the vendor's ids, or its traffic."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels import service as channels
from core.channels.addresses import find_address
from core.channels.models import Channel
from core.db import parse_id, tenant_of
from core.errors import NotFound
from core.ingest.vendor_ids import VendorIds, find_vendor_ids
from core.placements.codes import split_code
from core.placements.models import CardCode, Link, Placement
from core.placements.service import placement_named
from core.sdk.events import Event, Touch
from core.sdk.serials import read_serial
from core.sdk.traffic import CLICK_IDS

_SOURCES = ("utm_source", "utm_medium", "utm_campaign", "referrer", *CLICK_IDS)


@dataclass(frozen=True, slots=True)
class Place:
    channel_number: int
    placement_number: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass
class Places:
    """Where the events of one batch belong; each name is looked up once for all of them, also one nobody knows."""

    channel: Channel
    direct: int
    by_code: dict[str, Place | None] = field(default_factory=dict)
    by_id: dict[str, Place | None] = field(default_factory=dict)
    by_campaign: dict[str, Place | None] = field(default_factory=dict)
    by_vendor_id: VendorIds | None = None
    by_source: dict[str, Place | None] = field(default_factory=dict)

    def of(self, event: Event) -> Place:
        """The event's place; a visit without any source is direct."""
        placement_id, code, detail = _hints(event)
        campaign = detail.get("campaign", "")
        found = self.by_id.get(placement_id) or self.by_code.get(code) or self.by_campaign.get(campaign)
        if found is None and self.by_vendor_id is not None:
            found = _place(self.by_vendor_id.of(detail, event.at))
        if found is not None:
            return found
        if not (isinstance(event, Touch) and event.kind == "visit" and "is_marked" in event.detail):
            return Place(self.channel.number)
        if not any(detail.get(name) for name in _SOURCES):
            return Place(self.direct)
        return self.by_source.get(detail.get("utm_source", "")) or Place(self.channel.number)


def find_places(session: Session, channel: Channel, events: Sequence[Event]) -> Places:
    places = Places(channel, channels.direct_channel(session).number)
    places.by_vendor_id = find_vendor_ids(session, channel, [_detail_of(event) for event in events])
    for event in events:
        placement_id, code, detail = _hints(event)
        if placement_id and placement_id not in places.by_id:
            places.by_id[placement_id] = _by_id(session, placement_id)
        if code and code not in places.by_code:
            places.by_code[code] = _by_code(session, code)
        campaign, source = detail.get("campaign", ""), detail.get("utm_source", "")
        if campaign and campaign not in places.by_campaign:
            places.by_campaign[campaign] = _place(placement_named(session, channel, campaign))
        if source and source not in places.by_source:
            named = channels.channel_named(session, source)
            places.by_source[source] = Place(named.number) if named else None
    return places


def _detail_of(event: Event) -> dict[str, object]:
    return dict(getattr(event, "detail", {}))


def _hints(event: Event) -> tuple[str, str, dict[str, str]]:
    detail = {name: str(value) for name, value in _detail_of(event).items() if value}
    return getattr(event, "placement_id", None) or "", getattr(event, "code", None) or "", detail


def _by_id(session: Session, placement_id: str) -> Place | None:
    try:
        return _place(session.scalar(sa.select(Placement).where(Placement.id == parse_id(placement_id))))
    except NotFound:
        return None


def _by_code(session: Session, code: str) -> Place | None:
    """A tracked link's code or a card's serial of this tenant."""
    parts = split_code(code)
    if parts is not None:
        found = find_address(session, "link", parts[0])
        if found is not None and found.tenant == tenant_of(session):
            link = session.scalar(sa.select(Link).where(Link.id == found.target))
            return _place(_numbered(session, link.placement_number)) if link else None
    serial = read_serial(code)
    found = find_address(session, "card", serial) if serial else None
    if found is not None and found.tenant == tenant_of(session):
        card = session.scalar(sa.select(CardCode).where(CardCode.id == found.target))
        return _place(_numbered(session, card.placement_number)) if card else None
    return None


def _numbered(session: Session, number: int) -> Placement | None:
    return session.scalar(sa.select(Placement).where(Placement.number == number))


def _place(placement: Placement | None) -> Place | None:
    if placement is None:
        return None
    return Place(placement.channel_number, placement.number, placement.starts_at, placement.ends_at)
