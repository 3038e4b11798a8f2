"""What a webhook only named is fetched by a job of its own, so that a vendor that is down delays nothing else."""

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.service import channel_by_number, settings_of
from core.db import parse_id, reading, tenant_of, vault_of
from core.ingest.calls import counted
from core.ingest.facts import take
from core.ingest.models import Incoming
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.plugin_host import host
from core.sdk.events import Notice
from core.sdk.requests import Request

AT_ONCE = 20


def submit_fetch(session: Session, row: Incoming) -> None:
    """The job knows the webhook alone: what it named stays sealed in it."""
    args = {"incoming": str(row.id)}
    submit(session, "ingest.fetch", args, tenant_id=tenant_of(session), idem_key=f"fetch:{row.id}")


def fetch_announced(job: RunningJob) -> None:
    """Read the webhook's notices again and take what is behind them, some a step.

    Raises what the plugin raises; the job then comes back, and goes on behind the notices that are done.
    """
    assert job.tenant_id is not None
    with reading(job.tenant_id) as session:
        row = session.scalars(sa.select(Incoming).where(Incoming.id == parse_id(str(job.args["incoming"])))).one()
        channel = channel_by_number(session, row.channel_number)
        given = settings_of(session, channel)
        kept = json.loads(vault_of(session).unseal("incoming", row.id, "body", row.body))
    told = host().call(channel.plugin_key, "parse", Request.model_validate(kept["request"]), given)
    notices = [event for event in told if isinstance(event, Notice)]
    while True:
        done = int(str(job.checkpoint.get("done", 0)))
        some = notices[done : done + AT_ONCE]
        with counted(job.tenant_id, channel.number, "fetch"):
            events = host().call(channel.plugin_key, "fetch", some, given) if some else []
        with job.step() as step:
            take(step.session, channel_by_number(step.session, row.channel_number), events)
            step.checkpoint = {"done": done + len(some)}
            if done + len(some) >= len(notices):
                step.finish({})
                return
