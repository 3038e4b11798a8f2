"""Drafting, starting, pausing and resuming campaigns. The sending itself is in sending.py."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.campaigns.models import Campaign
from core.channels.models import Channel
from core.db import find, new_id, next_numbers, tenant_of
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.jobs.service import submit
from core.placements.models import Link
from core.placements.service import create_placement, make_link
from core.plugin_host import host
from core.segments.filters import Filter
from core.segments.query import contacts_where

SEND = "campaigns.send"
OPENS_MINUTE, CLOSES_MINUTE = 8 * 60, 22 * 60
"""The hours in which marketing may go out."""
Verb = Callable[[Session, Campaign], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What an operator decides about a campaign. Hours are minutes of the brand's day."""

    name: str
    message: str
    audience: Filter
    target_url: str | None = None
    purpose: str = "marketing"
    starts_at: datetime | None = None
    opens_minute: int = OPENS_MINUTE
    closes_minute: int = CLOSES_MINUTE
    cap: int = 2
    cap_days: int = 7
    cost_minor: int = 0


def create_campaign(session: Session, channel: Channel, draft: Draft) -> Campaign:
    """The draft as a row, with a placement of its own (so that its cost and clicks have a place) and a tracked link.

    Raises:
        Conflict: the name is taken, or the channel sends no messages.
        Invalid: hours outside 08:00-22:00.
        NotFound: the audience names something that does not exist here.
    """
    manifest = host().manifests.get(channel.plugin_key)
    if manifest is None or "deliver" not in manifest.capabilities:
        raise Conflict(f"The channel {channel.name} sends no messages.")
    if not OPENS_MINUTE <= draft.opens_minute < draft.closes_minute <= CLOSES_MINUTE:
        raise Invalid(fields=[FieldError("hours", "out_of_range", "Marketing goes out between 08:00 and 22:00.")])
    contacts_where(session, draft.audience)
    if session.scalar(sa.select(Campaign.id).where(Campaign.name == draft.name)) is not None:
        raise Conflict(f"There is a campaign named {draft.name} already.")
    placement = create_placement(
        session, channel=channel, name=draft.name, starts_at=draft.starts_at, cost_minor=draft.cost_minor
    )
    link = make_link(session, placement, draft.target_url, label=draft.name) if draft.target_url else None
    campaign = Campaign(
        id=new_id(),
        number=next_numbers(session, "campaign")[0],
        name=draft.name,
        channel_number=channel.number,
        placement_number=placement.number,
        link_code=link.code if link else None,
        message=draft.message,
        purpose=draft.purpose,
        audience=draft.audience.model_dump(mode="json", exclude_none=True),
        starts_at=draft.starts_at,
        opens_minute=draft.opens_minute,
        closes_minute=draft.closes_minute,
        cap=draft.cap,
        cap_days=draft.cap_days,
    )
    session.add(campaign)
    session.flush()
    return campaign


def list_campaigns(session: Session) -> list[Campaign]:
    """Newest first."""
    return list(session.scalars(sa.select(Campaign).order_by(Campaign.number.desc()).limit(200)))


def find_campaign(session: Session, campaign_id: str | uuid.UUID) -> Campaign:
    """One campaign by its public id. Raises `NotFound`."""
    return find(session, Campaign, campaign_id)


def campaign_by_number(session: Session, number: int) -> Campaign:
    """One campaign by its number. Raises `NotFound`."""
    campaign = session.scalar(sa.select(Campaign).where(Campaign.number == number))
    if campaign is None:
        raise NotFound
    return campaign


def start(session: Session, campaign: Campaign) -> None:
    """Let it run, now or at its time.

    Raises:
        Conflict: it has been started before.
    """
    _refuse_unless(campaign, "draft", "started")
    campaign.state = "running"
    ring_sender(session, campaign, not_before=campaign.starts_at)


def pause(session: Session, campaign: Campaign) -> None:
    """Stop after the batch that is on its way. Raises `Conflict` unless it runs."""
    _refuse_unless(campaign, "running", "paused")
    campaign.state = "paused"


def resume(session: Session, campaign: Campaign) -> None:
    """Go on where it stopped. Raises `Conflict` unless it is paused."""
    _refuse_unless(campaign, "paused", "resumed")
    campaign.state, campaign.stopped_by = "running", None
    ring_sender(session, campaign)


def cancel(session: Session, campaign: Campaign) -> None:
    """End it for good; what was sent was sent. Raises `Conflict` if it has ended."""
    if campaign.state in ("done", "cancelled"):
        raise Conflict(f"The campaign is {campaign.state} already.")
    campaign.state, campaign.finished_at = "cancelled", clock.now()


def ring_sender(session: Session, campaign: Campaign, *, not_before: datetime | None = None) -> None:
    """Have a sender work on it; while one waits, no second one is made."""
    args = {"campaign": str(campaign.id)}
    job = submit(
        session,
        SEND,
        args,
        tenant_id=tenant_of(session),
        coalesce=str(campaign.id),
        not_before=max(not_before or clock.now(), clock.now()),
    )
    campaign.job_id = job.id


def link_of(session: Session, campaign: Campaign) -> Link | None:
    """The tracked link that the campaign's messages carry."""
    if campaign.link_code is None:
        return None
    return session.scalar(sa.select(Link).where(Link.code == campaign.link_code))


def _refuse_unless(campaign: Campaign, state: str, verb: str) -> None:
    if campaign.state != state:
        raise Conflict(f"The campaign is {campaign.state}; only a {state} one can be {verb}.")
