"""How a campaign goes out, in steps that a crash may interrupt anywhere without a message sent twice.

Plan (who), take (a batch becomes `intended`, consent and caps judged in that very transaction), call the plugin
outside of any transaction, record the outcomes. What is found `intended` at a fresh start became `unknown`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.campaigns.hours import SendingHours
from core.campaigns.models import Campaign
from core.campaigns.service import find_campaign, link_of, ring_sender
from core.channels.service import channel_by_number, settings_of
from core.consent.service import may_send, opt_out
from core.contacts.identities import IdentityClaim as Claim
from core.db import take_turn
from core.deliveries import service as deliveries
from core.deliveries.addressing import addresses
from core.deliveries.models import Delivery
from core.deliveries.service import Report
from core.experiments.service import held_out
from core.ingest.receipts import take_early_receipts
from core.jobs.running import RunningJob, Step
from core.placements.service import recipient_codes
from core.plugin_host import host
from core.sdk import IdentityClaim, Message, Outcome
from core.segments.service import filter_of, walk_people
from core.tenants.service import tenant_now
from core.touchpoints.service import record

PLAN_STEP = 500
BATCH = 200
WAIT = timedelta(seconds=60)


@dataclass(frozen=True)
class Batch:
    """What one provider call will carry, already marked `intended`."""

    plugin_key: str
    settings: Mapping[str, JsonValue]
    messages: Sequence[Message] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    medium: str = ""


def send(job: RunningJob) -> None:
    """Work on one campaign until it is done, paused, stopped by the provider, or outside its hours."""
    _begin(job)
    while (batch := _next_batch(job)) is not None:
        outcomes = host().call(batch.plugin_key, "deliver", batch.messages, batch.settings) if batch.messages else []
        _record(job, batch, outcomes)
        if job.finished:
            return
        job.make_way()  # nothing is on its way now, so a fresh start gives up on nothing


def _begin(job: RunningJob) -> None:
    with job.step() as step:
        campaign = find_campaign(step.session, str(job.args["campaign"]))
        deliveries.give_up_on_intended(step.session, campaign.number)


def _next_batch(job: RunningJob) -> Batch | None:
    with job.step() as step:
        session, campaign = step.session, find_campaign(step.session, str(job.args["campaign"]))
        if campaign.state != "running":
            step.finish({"stopped": campaign.state})
            return None
        opens = _hours(campaign).next_open(clock.now(), tenant_now(session).timezone)
        if opens > clock.now():
            ring_sender(session, campaign, not_before=opens)
            step.finish({"waits_until": opens.isoformat()})
            return None
        if not campaign.planned_all:
            _plan_more(session, campaign)
            return Batch("", {})
        return _take(step, campaign)


def _plan_more(session: Session, campaign: Campaign) -> None:
    found = walk_people(session, filter_of(campaign.audience), after=campaign.walked_to, limit=PLAN_STEP)
    deliveries.plan(
        session,
        campaign=campaign.number,
        channel=campaign.channel_number,
        placement=campaign.placement_number,
        contacts=found,
    )
    campaign.planned_all = len(found) < PLAN_STEP
    campaign.walked_to = found[-1] if found else campaign.walked_to


def _take(step: Step, campaign: Campaign) -> Batch | None:
    session = step.session
    waiting = deliveries.planned_batch(session, campaign.number, BATCH)
    if not waiting:
        campaign.state, campaign.finished_at = "done", clock.now()
        step.finish({"states": deliveries.count_states(session, campaign.number)})
        return None
    channel = channel_by_number(session, campaign.channel_number)
    medium = host().manifests[channel.plugin_key].medium
    ready = _judge(session, campaign, waiting, medium=medium)
    deliveries.intend(row for row, _ in ready)
    messages = _write(session, campaign, ready)
    _tell_progress(step, campaign, taken=len(waiting))
    numbers = {message.key: row.number for message, (row, _) in zip(messages, ready, strict=True)}
    return Batch(channel.plugin_key, settings_of(session, channel), messages, numbers, medium)


def _tell_progress(step: Step, campaign: Campaign, *, taken: int) -> None:
    """Counted once and then carried on: counting a hundred thousand for each batch would cost more than sending it."""
    known = step.checkpoint
    if "total" not in known:
        states = deliveries.count_states(step.session, campaign.number)
        known |= {"total": sum(states.values()), "left": states.get("planned", 0)}
    else:
        known["left"] = max(int(str(known["left"])) - taken, 0)
    total, left = int(str(known["total"])), int(str(known["left"]))
    step.progress(total - left, total)


def _judge(
    session: Session, campaign: Campaign, waiting: Sequence[Delivery], *, medium: str
) -> list[tuple[Delivery, IdentityClaim]]:
    """Consent, opt-out, address and cap, at the moment of sending; those who may not get it are skipped, by reason.
    The lot of an experiment is drawn last, so that both its arms are people who would have got the message."""
    contacts = [row.contact_number for row in waiting]
    verdicts = may_send(session, contacts, purpose=campaign.purpose, medium=medium)
    known = addresses(session, contacts, medium)
    sent = deliveries.sent_since(session, contacts, clock.now() - timedelta(days=campaign.cap_days))
    ready: list[tuple[Delivery, IdentityClaim]] = []
    for row in waiting:
        verdict = verdicts[row.contact_number]
        if row.contact_number not in known:
            deliveries.skip(row, "no_address")
        elif not verdict.allowed:
            deliveries.skip(row, verdict.reason)
        elif sent[row.contact_number] >= campaign.cap:
            deliveries.skip(row, "cap")
        else:
            ready.append((row, known[row.contact_number]))
    left_out = held_out(session, campaign.placement_number, [row.contact_number for row, _ in ready])
    for row, _ in ready:
        if row.contact_number in left_out:
            deliveries.skip(row, "holdout")
    return [(row, to) for row, to in ready if row.contact_number not in left_out]


def _write(session: Session, campaign: Campaign, ready: Sequence[tuple[Delivery, IdentityClaim]]) -> list[Message]:
    link = link_of(session, campaign)
    codes = recipient_codes(session, link, [row.number for row, _ in ready]) if link else [""] * len(ready)
    return [
        Message(
            key=deliveries.message_key(session, row.number),
            to=to,
            group=f"campaign-{campaign.number}",
            text=campaign.message,
            variables={"code": code} if code else {},
            purpose="marketing" if campaign.purpose == "marketing" else "notice",
        )
        for (row, to), code in zip(ready, codes, strict=True)
    ]


def _record(job: RunningJob, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    if not batch.messages:
        return
    with job.step() as step:
        session, campaign = step.session, find_campaign(step.session, str(job.args["campaign"]))
        later = [o for o in outcomes if o.failure and (o.failure.may_be_retried or o.failure.kind == "bad_settings")]
        final = [outcome for outcome in outcomes if outcome not in later]
        take_turn(session)
        reports = [_report(batch.numbers[o.key], o) for o in final]
        moved = deliveries.settle(session, campaign.channel_number, reports)
        record(session, deliveries.touches_of(moved, reports))
        session.flush()
        take_early_receipts(session, campaign.channel_number, {o.provider_id for o in final if o.provider_id})
        for outcome in later:
            _put_back(session, batch.numbers[outcome.key], outcome)
        _heed_opt_outs(session, batch, outcomes)
        _heed(step, campaign, outcomes, wait=bool(later))


def _put_back(session: Session, number: int, outcome: Outcome) -> None:
    assert outcome.failure is not None
    was_tried = outcome.failure.kind != "bad_settings"
    deliveries.put_back(session, number, outcome.failure.message[:200], was_tried=was_tried)


def _heed_opt_outs(session: Session, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Who told the provider, or their carrier, to stop has told us: they get nothing more by this medium."""
    said = {o.key: o.failure for o in outcomes if o.failure and o.failure.opted_out}
    contacts = deliveries.contacts_of(session, [batch.numbers[key] for key in said]) if said else {}
    for message in batch.messages:
        failure, number = said.get(message.key), batch.numbers[message.key]
        if failure is not None:
            opt_out(
                session,
                contacts[number],
                addresses=[Claim(message.to.kind, message.to.value, message.to.app)],
                medium=batch.medium,
                word=failure.code,
                source="provider",
                evidence=f"delivery-{number}",
            )


def _report(number: int, outcome: Outcome) -> Report:
    reason = (outcome.failure.code or outcome.failure.message)[:200] if outcome.failure else None
    return Report(number, outcome.state, reason, outcome.provider_id, outcome.parts)


def _heed(step: Step, campaign: Campaign, outcomes: Sequence[Outcome], *, wait: bool) -> None:
    """Bad settings stop the campaign for a human; throttling and an unreachable vendor make it wait."""
    bad = next((o.failure for o in outcomes if o.failure and o.failure.kind == "bad_settings"), None)
    if bad is not None:
        if campaign.state == "running":  # one that was cancelled meanwhile stays so
            campaign.state, campaign.stopped_by = "paused", bad.message[:500]
        step.finish({"stopped": "bad_settings"})
    elif wait:
        seconds = max((o.failure.retry_after or 0 for o in outcomes if o.failure), default=0)
        ring_sender(step.session, campaign, not_before=clock.now() + max(WAIT, timedelta(seconds=seconds)))
        step.finish({"waits": "the provider asked for it"})


def _hours(campaign: Campaign) -> SendingHours:
    def at(minute: int) -> time:
        return time(minute // 60 % 24, minute % 60)

    return SendingHours(at(campaign.opens_minute), at(campaign.closes_minute))


def next_open(session: Session, campaign: Campaign) -> datetime:
    """When the campaign may send next: inside its hours, and not before its time."""
    earliest = max(clock.now(), campaign.starts_at or clock.now())
    return _hours(campaign).next_open(earliest, tenant_now(session).timezone)
