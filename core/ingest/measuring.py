"""Asking vendors how placements do: some placements a call, a few times a day."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import find_channel, settings_of
from core.db import reading
from core.ingest.calls import counted
from core.ingest.facts import take
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.placements.models import Placement
from core.placements.publishing import facts_of
from core.plugin_host import host

EVERY_HOURS = 6
AT_ONCE = 20
YOUNG = timedelta(days=60)


def submit_measuring(session: Session, tenant: int, channel_id: uuid.UUID) -> None:
    """One job a channel for each quarter of a day, however often this is called."""
    quarter = int(clock.now().timestamp()) // (EVERY_HOURS * 3600)
    args = {"channel": str(channel_id)}
    submit(session, "ingest.measure", args, tenant_id=tenant, idem_key=f"measure:{channel_id}:{quarter}")


def measure(job: RunningJob) -> None:
    """Ask about the channel's placements in the order of their numbers; a restarted job goes on after the last ones."""
    assert job.tenant_id is not None
    while True:
        with reading(job.tenant_id) as session:
            channel = find_channel(session, str(job.args["channel"]))
            given = settings_of(session, channel)
            after = int(str(job.checkpoint.get("number", 0)))
            rows = _next_placements(session, channel, after=after)
            asked = [facts_of(session, row) for row in rows]
        with counted(job.tenant_id, channel.number, "measure", begins_round=after == 0):
            events = host().call(channel.plugin_key, "measure", asked, given) if asked else []
        with job.step() as step:
            take(step.session, find_channel(step.session, str(job.args["channel"])), events)
            if len(rows) < AT_ONCE:
                step.finish({})
                return
            step.checkpoint = {"number": rows[-1].number}


def _next_placements(session: Session, channel: Channel, *, after: int) -> list[Placement]:
    now = clock.now()
    query = sa.select(Placement).where(
        Placement.channel_number == channel.number,
        Placement.state == "active",
        Placement.number > after,
        Placement.starts_at <= now,
        sa.or_(Placement.starts_at >= now - YOUNG, Placement.ends_at >= now),
    )
    return list(session.scalars(query.order_by(Placement.number).limit(AT_ONCE)))
