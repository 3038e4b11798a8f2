"""Telling what was recorded: first the plugins that listen, then a message for each endpoint that wants it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.feed import TELL, FactFeed
from core.db import new_id, reading, tenant_of
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.outgoing.models import DISABLED, WebhookEndpoint, WebhookMessage
from core.outgoing.reading import newest_positions, read_facts
from core.plugin_host.host import host
from core.sdk.facts import Fact
from core.tenants.models import Tenant

SEND = "outgoing.send"
RANGE = 500
FACTS_A_MESSAGE = 100


def begin_feed(session: Session) -> None:
    """Hear of what is recorded from now on; who has begun goes on where they are."""
    if session.scalar(sa.select(FactFeed.id)) is None:
        session.add(FactFeed(positions=dict(newest_positions(session))))
        session.flush()


def tell(job: RunningJob) -> None:
    """Tell everything settled, range by range. Plugins are told before the position moves, hence at least once."""
    assert job.tenant_id is not None
    is_last, told = False, 0
    with job.step() as step:
        begin_feed(step.session)
    while not is_last:
        with reading(job.tenant_id) as session:
            feed = session.scalars(sa.select(FactFeed)).one()
            found = read_facts(session, feed.positions, limit=RANGE)  # type: ignore[arg-type]  # JSON of positions
        if found.facts:
            host().tell_facts(found.facts)
        with job.step() as step:
            queue_messages(step.session, found.facts)
            step.session.execute(sa.update(FactFeed).values(positions=dict(found.reached)))
            told += len(found.facts)
            is_last = found.is_last
            if is_last:
                step.finish({"facts": told})


def tell_all(job: RunningJob) -> None:
    """Facts that were not settled when they were told of, and brands whose first listener is a new plugin."""
    with job.step() as step:
        for number in step.session.scalars(sa.select(Tenant.number)):
            if host().listeners or _has_begun(number):
                submit(step.session, TELL, {}, tenant_id=number, coalesce="")
        step.finish()


def _has_begun(tenant: int) -> bool:
    with reading(tenant) as session:
        return session.scalar(sa.select(FactFeed.id)) is not None


def queue_messages(session: Session, facts: Sequence[Fact]) -> None:
    """A message for every endpoint and hundred facts that it wants. One that is paused finds them when it goes on."""
    for endpoint in session.scalars(sa.select(WebhookEndpoint).where(WebhookEndpoint.state != DISABLED)):
        wanted = [fact for fact in facts if fact.type in endpoint.fact_types]
        for part in _parts(wanted):
            session.add(WebhookMessage(id=new_id(), endpoint_id=endpoint.id, body=_body(part), facts=len(part)))
        if wanted:
            ask_to_send(session, endpoint)


def ask_to_send(session: Session, endpoint: WebhookEndpoint, *, not_before: datetime | None = None) -> None:
    """Have the endpoint's messages sent, once however often it is asked."""
    submit(
        session,
        SEND,
        {"endpoint": str(endpoint.id)},
        tenant_id=tenant_of(session),
        coalesce=str(endpoint.id),
        not_before=not_before or endpoint.quiet_until,
    )


def _parts(facts: Sequence[Fact]) -> Iterable[Sequence[Fact]]:
    for start in range(0, len(facts), FACTS_A_MESSAGE):
        yield facts[start : start + FACTS_A_MESSAGE]


def _body(facts: Sequence[Fact]) -> str:
    told = {
        "type": "facts.recorded",
        "timestamp": max(fact.at for fact in facts).isoformat(),
        "data": {"facts": [fact.model_dump(mode="json") for fact in facts]},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
