"""Campaigns over HTTP: draft, preview, start, pause, resume, cancel, deliveries."""

from collections.abc import Mapping
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from core.audit.service import record as note
from core.campaigns import preview, sending, service, testing
from core.campaigns.models import Campaign
from core.campaigns.settling import settle_by_hand
from core.channels.service import channel_by_number, find_channel
from core.contacts.lookup import public_ids
from core.db import reading, writing
from core.deliveries import service as deliveries
from core.deliveries.models import Delivery
from core.placements.service import placement_by_number
from core.segments.filters import Everybody, Filter
from core.tenants.currencies import to_minor
from core.tenants.service import tenant_now
from core.web import Body, PageQuery, TenantPath, answer, bound_tenant, needs, page_of

DEEDS: Mapping[service.Verb, str] = {
    service.start: "started",
    service.pause: "paused",
    service.resume: "resumed",
    service.cancel: "cancelled",
}

api = APIBlueprint("campaigns", __name__, url_prefix="/v1/tenants/<tenant>/campaigns")


class CampaignPath(TenantPath):
    """One campaign."""

    campaign: str = Field(max_length=64)


class NewCampaign(Body):
    """A draft. `message` may hold ${code}; hours are minutes of the brand's day."""

    name: str = Field(min_length=1, max_length=120)
    channel_id: str = Field(max_length=64)
    message: str = Field("", max_length=2000)
    audience: Filter = Everybody()
    target_url: str | None = Field(None, max_length=2048)
    purpose: Literal["marketing", "notice"] = "marketing"
    starts_at: AwareDatetime | None = None
    opens_minute: int = Field(8 * 60, ge=0, le=1440)
    closes_minute: int = Field(22 * 60, ge=0, le=1440)
    cap: int = Field(2, ge=1, le=100)
    cap_days: int = Field(7, ge=1, le=90)
    cost: str = Field("0", max_length=30)


class TestAsked(Body):
    """One's own address on the campaign's channel: a phone number, an e-mail address, an id."""

    address: str = Field(min_length=1, max_length=256)


class DeliveriesQuery(PageQuery):
    """A campaign's deliveries, of one state or all."""

    state: Literal["planned", "intended", "accepted", "delivered", "failed", "unknown", "skipped"] | None = None


class Settled(Body):
    """What the provider said of unknown deliveries when somebody asked: they were taken, or they were not."""

    numbers: list[int] = Field(min_length=1, max_length=500)
    outcome: Literal["accepted", "failed"]


def show(session: Session, campaign: Campaign) -> dict[str, object]:
    """A campaign with its counts."""
    return {
        "id": str(campaign.id),
        "name": campaign.name,
        "state": campaign.state,
        "channel_id": str(channel_by_number(session, campaign.channel_number).id),
        "placement_id": str(placement_by_number(session, campaign.placement_number).id),
        "message": campaign.message,
        "purpose": campaign.purpose,
        "audience": campaign.audience,
        "starts_at": campaign.starts_at,
        "hours": {"opens_minute": campaign.opens_minute, "closes_minute": campaign.closes_minute},
        "cap": campaign.cap,
        "cap_days": campaign.cap_days,
        "stopped_by": campaign.stopped_by,
        "next_open": sending.next_open(session, campaign),
        "counts": deliveries.count_states(session, campaign.number),
        "reasons": deliveries.count_reasons(session, campaign.number),
        "job_id": str(campaign.job_id) if campaign.job_id else None,
        "created_at": campaign.created_at,
        "finished_at": campaign.finished_at,
    }


def show_delivery(row: Delivery, *, contact_ids: Mapping[int, str], key: str) -> dict[str, object]:
    """A delivery without the address it went to; `key` and `provider_id` are what the provider knows it by."""
    return {
        "id": str(row.id),
        "number": row.number,
        "contact_number": row.contact_number,
        "contact_id": contact_ids.get(row.contact_number),
        "key": key,
        "provider_id": row.provider_id,
        "state": row.state,
        "reason": row.reason,
        "parts": row.parts,
        "sent_at": row.sent_at,
        "changed_at": row.changed_at,
    }


@api.get("")
@needs("campaigns:read")
def list_campaigns(path: TenantPath) -> Response:
    """Campaigns, newest first."""
    with reading(bound_tenant()) as session:
        return answer({"items": [show(session, row) for row in service.list_campaigns(session)], "next": None})


@api.post("")
@needs("campaigns:write")
def create_campaign(path: TenantPath, body: NewCampaign) -> Response:
    """Draft a campaign; nothing is sent before it is started."""
    given = body.model_dump(exclude={"channel_id", "cost", "audience"})
    with writing(bound_tenant()) as session:
        cost = to_minor(body.cost, tenant_now(session).currency, field="cost")
        channel = find_channel(session, body.channel_id)
        draft = service.Draft(audience=body.audience, cost_minor=cost, **given)
        campaign = service.create_campaign(session, channel, draft)
        return answer(show(session, campaign), 201)


@api.get("/<campaign>")
@needs("campaigns:read")
def get_campaign(path: CampaignPath) -> Response:
    """One campaign and what became of it."""
    with reading(bound_tenant()) as session:
        return answer(show(session, service.find_campaign(session, path.campaign)))


@api.post("/<campaign>/preview")
@needs("campaigns:read")
def preview_campaign(path: CampaignPath) -> Response:
    """Who would get it now, who would not and why, and the message as a person reads it."""
    with reading(bound_tenant()) as session:
        return answer(preview.preview(session, service.find_campaign(session, path.campaign)))


@api.post("/<campaign>/test")
@needs("campaigns:write")
def test_campaign(path: CampaignPath, body: TestAsked) -> Response:
    """Send the message to one address, now. It is no delivery: no figure counts it, and nobody becomes a contact."""
    with writing(bound_tenant()) as session:
        campaign = service.find_campaign(session, path.campaign)
        test = testing.write_test(session, campaign, body.address)
        # Written down before it leaves: a test that nobody remembers would not count against the day's most.
        note(session, testing.TESTED, f"campaign:{campaign.id}", {"name": campaign.name})
    outcome = testing.send_test(test)
    failure = outcome.failure
    return answer({"state": outcome.state, "reason": failure and failure.message, "code": failure and failure.code})


@api.post("/<campaign>/start")
@needs("campaigns:write")
def start_campaign(path: CampaignPath) -> Response:
    """Send it, now or at its time."""
    return _move(path.campaign, service.start)


@api.post("/<campaign>/pause")
@needs("campaigns:write")
def pause_campaign(path: CampaignPath) -> Response:
    """Stop after the batch that is on its way."""
    return _move(path.campaign, service.pause)


@api.post("/<campaign>/resume")
@needs("campaigns:write")
def resume_campaign(path: CampaignPath) -> Response:
    """Go on where it stopped."""
    return _move(path.campaign, service.resume)


@api.post("/<campaign>/cancel")
@needs("campaigns:write")
def cancel_campaign(path: CampaignPath) -> Response:
    """End it for good."""
    return _move(path.campaign, service.cancel)


@api.get("/<campaign>/deliveries")
@needs("campaigns:read")
def list_deliveries(path: CampaignPath, query: DeliveriesQuery) -> Response:
    """Deliveries, newest first."""
    with reading(bound_tenant()) as session:
        number = service.find_campaign(session, path.campaign).number
        rows = deliveries.list_deliveries(
            session, number, state=query.state, before=query.after(), limit=query.limit + 1
        )
        ids = public_ids(session, [row.contact_number for row in rows])
        return answer(
            page_of(
                rows,
                query,
                lambda row: row.id,
                lambda row: show_delivery(row, contact_ids=ids, key=deliveries.message_key(session, row.number)),
            )
        )


@api.post("/<campaign>/deliveries/settle")
@needs("campaigns:write")
def settle_deliveries(path: CampaignPath, body: Settled) -> Response:
    """Close unknown deliveries by what the provider answered; nothing is sent again."""
    with writing(bound_tenant()) as session:
        campaign = service.find_campaign(session, path.campaign)
        count = settle_by_hand(session, campaign, numbers=body.numbers, outcome=body.outcome)
        note(session, "campaign.settled", f"campaign:{campaign.id}", {"outcome": body.outcome, "count": count})
        return answer({"settled": count})


def _move(campaign_id: str, verb: service.Verb) -> Response:
    with writing(bound_tenant()) as session:
        campaign = service.find_campaign(session, campaign_id)
        verb(session, campaign)
        note(session, f"campaign.{DEEDS[verb]}", f"campaign:{campaign.id}", {"name": campaign.name})
        session.flush()
        return answer(show(session, campaign))
