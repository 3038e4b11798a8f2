"""Fetching what vendors do not push: a channel's `pull` by cursor, and `lookup` of messages on their way."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import find_channel, settings_of
from core.db import across_tenants, platform_writing
from core.deliveries.addressing import addresses
from core.deliveries.asking import due_for_asking, note_asked
from core.deliveries.models import Delivery
from core.deliveries.service import message_key
from core.ingest.calls import counted
from core.ingest.facts import take
from core.ingest.measuring import submit_measuring
from core.ingest.models import ChannelCursor
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.plugin_host import host
from core.sdk import IdentityClaim, Sought

PAGES = 50
LOOKUPS = 50


@dataclass(frozen=True)
class Asked:
    """What a look-up needs once the transaction that counted the question is closed."""

    plugin_key: str
    channel: int
    settings: dict[str, JsonValue]
    sought: list[Sought]


def submit_due_polls() -> None:
    """Have every channel polled that can be, measured, and asked about messages on their way. One job a channel."""
    pulling, asking, measuring = _able("pull"), _able("lookup"), _able("measure")
    with across_tenants() as session:
        channels = session.execute(
            sa.select(Channel.tenant_id, Channel.id, Channel.number, Channel.plugin_key).where(
                Channel.state == "active", Channel.plugin_key.in_({*pulling, *asking, *measuring})
            )
        ).all()
        waiting = {(row.tenant_id, row.channel_number) for row in due_for_asking(session, limit=5_000)}
        pulled = {
            (row.tenant_id, row.channel_number): row.pulled_at
            for row in session.execute(
                sa.select(ChannelCursor.tenant_id, ChannelCursor.channel_number, ChannelCursor.pulled_at)
            )
        }
    with platform_writing() as session:
        for tenant, channel_id, number, key in channels:
            if key in pulling and _is_due(key, pulled.get((tenant, number))):
                _submit(session, "ingest.pull", tenant, channel_id)
            if key in asking and (tenant, number) in waiting:
                _submit(session, "ingest.lookup", tenant, channel_id)
            if key in measuring:
                submit_measuring(session, tenant, channel_id)


def _able(verb: str) -> set[str]:
    return {key for key, manifest in host().manifests.items() if verb in manifest.capabilities}


def _is_due(plugin_key: str, pulled_at: datetime | None) -> bool:
    """Whether the plugin's pause after a good pull is over; half a minute early rather than a whole round late."""
    if pulled_at is None:
        return True
    pause = timedelta(seconds=host().channels[plugin_key].pull_seconds - 30)
    return clock.now() - pulled_at >= pause


def submit_pull(tenant_id: int, channel: Channel) -> None:
    """Pull one channel now, where its plugin can; asked for often, it is done once."""
    manifest = host().manifests.get(channel.plugin_key)
    if manifest is not None and "pull" in manifest.capabilities:
        with platform_writing() as session:
            _submit(session, "ingest.pull", tenant_id, channel.id)


def _submit(session: Session, kind: str, tenant: int, channel_id: uuid.UUID) -> None:
    submit(session, kind, {"channel": str(channel_id)}, tenant_id=tenant, coalesce=str(channel_id))


def pull(job: RunningJob) -> None:
    """Fetch page after page; each page's events and the cursor behind it are stored in one step."""
    assert job.tenant_id is not None
    for number in range(PAGES):
        with job.step() as step:
            channel = find_channel(step.session, str(job.args["channel"]))
            settings, cursor = settings_of(step.session, channel), _cursor_of(step.session, channel)
        with counted(job.tenant_id, channel.number, "pull", begins_round=number == 0):
            page = host().call(channel.plugin_key, "pull", cursor, settings)
        with job.step() as step:
            channel = find_channel(step.session, str(job.args["channel"]))
            take(step.session, channel, page.events)
            _keep_cursor(step.session, channel, page.cursor)
            if not page.has_more:
                step.finish()
                return


def look_up(job: RunningJob) -> None:
    """Ask what became of messages, a batch a call, until none is due."""
    assert job.tenant_id is not None
    for _ in range(LOOKUPS):
        asked = _count_question(job)
        if not asked.sought:
            break
        with counted(job.tenant_id, asked.channel, "lookup"):
            events = host().call(asked.plugin_key, "lookup", asked.sought, asked.settings)
        with job.step() as step:
            take(step.session, find_channel(step.session, str(job.args["channel"])), events)


def _count_question(job: RunningJob) -> Asked:
    with job.step() as step:
        session = step.session
        channel = find_channel(session, str(job.args["channel"]))
        rows = due_for_asking(session, channel=channel.number)
        note_asked(rows)
        medium = host().manifests[channel.plugin_key].medium
        known = addresses(session, [row.contact_number for row in rows], medium)
        sought = [_sought(session, row, known) for row in rows if row.contact_number in known]
        given = dict(settings_of(session, channel))
        return Asked(channel.plugin_key, channel.number, given, [one for one in sought if one])


def _sought(session: Session, row: Delivery, known: Mapping[int, IdentityClaim]) -> Sought | None:
    if row.sent_at is None:
        return None
    return Sought.model_validate(
        {
            "key": message_key(session, row.number),
            "to": known[row.contact_number],
            "group": f"campaign-{row.campaign_number}",
            "provider_id": row.provider_id,
            "sent_at": row.sent_at,
        }
    )


def _cursor_of(session: Session, channel: Channel) -> str | None:
    return session.scalar(sa.select(ChannelCursor.cursor).where(ChannelCursor.channel_number == channel.number))


def _keep_cursor(session: Session, channel: Channel, cursor: str | None) -> None:
    row = session.scalar(sa.select(ChannelCursor).where(ChannelCursor.channel_number == channel.number))
    if row is None:
        row = ChannelCursor(channel_number=channel.number)
        session.add(row)
    row.cursor, row.pulled_at = cursor, clock.now()
