"""Telling vendors that a show has begun, so that they push what happens in it: once a show, again when it changed."""

import hashlib
import json
from datetime import timedelta

import sqlalchemy as sa

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, settings_of
from core.db import across_tenants, platform_writing, reading
from core.ingest.calls import counted
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.placements.models import Placement
from core.placements.publishing import facts_of
from core.placements.service import find_placement
from core.plugin_host import host
from core.sdk.values import Text

LONGEST = timedelta(hours=12)
"""How long a show without an end is thought to run."""


def submit_due_starts() -> None:
    """A job for every show that has begun and is not over, where its plugin can start it. One job a show: for ever."""
    able = {key for key, manifest in host().manifests.items() if "start_show" in manifest.capabilities}
    now = clock.now()
    same = sa.and_(Channel.tenant_id == Placement.tenant_id, Channel.number == Placement.channel_number)
    query = (
        sa.select(Placement.tenant_id, Placement.id, Placement.starts_at, Placement.detail)
        .join(Channel, same)
        .where(Channel.plugin_key.in_(able), Channel.state == "active", Placement.state == "active")
        .where(Placement.starts_at <= now, Placement.starts_at > now - LONGEST)
        .where(sa.or_(Placement.ends_at.is_(None), Placement.ends_at > now))
    )
    with across_tenants() as session:
        found = session.execute(query).all()
    with platform_writing() as session:
        for tenant, placement, starts_at, detail in found:
            told = json.dumps([starts_at.isoformat(), detail], sort_keys=True, default=str)
            key = f"start:{placement}:{hashlib.sha256(told.encode()).hexdigest()[:16]}"
            submit(session, "ingest.start_show", {"placement": str(placement)}, tenant_id=tenant, idem_key=key)


def start_show(job: RunningJob) -> None:
    """Ask the vendor; its remarks are the job's result. A show that is over meanwhile is left alone."""
    assert job.tenant_id is not None
    with reading(job.tenant_id) as session:
        placement = find_placement(session, str(job.args["placement"]))
        channel = channel_by_number(session, placement.channel_number)
        given, facts = settings_of(session, channel), facts_of(session, placement)
        is_over = placement.ends_at is not None and placement.ends_at <= clock.now()
    remarks: tuple[Text, ...] = ()
    if not is_over:
        with counted(job.tenant_id, channel.number, "start_show"):
            remarks = host().call(channel.plugin_key, "start_show", facts, given)
    with job.step() as step:
        step.finish({"remarks": [remark.model_dump(mode="json") for remark in remarks]})
