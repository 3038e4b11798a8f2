"""Reading what arrived: a plugin parses it outside of any transaction, its events are taken and the message is done."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core.channels import service as channels
from core.channels.models import Channel
from core.db import reading, vault_of
from core.errors import Invalid, Unavailable
from core.ingest import facts
from core.ingest.fetching import submit_fetch
from core.ingest.models import Incoming
from core.jobs.running import RunningJob
from core.logs import logger
from core.plugin_host import host
from core.sdk.events import Event, Notice
from core.sdk.failures import ChannelFailure, Refused
from core.sdk.requests import Request

log = logger(__name__)
BATCH = 200
MOST_EVENTS = 1_000
MOST_ATTEMPTS = 5
WEBHOOKS_A_STEP = 50


@dataclass(frozen=True)
class Parcel:
    """Messages that are parsed together: the calls of one SDK request, or one webhook."""

    channel: Channel
    settings: dict[str, JsonValue]
    rows: list[Incoming]
    request: Request
    was_believed: bool = True

    @property
    def is_webhook(self) -> bool:
        """Not the calls of an SDK request."""
        return self.rows[0].source == "hook"


def read_incoming(job: RunningJob) -> None:
    """Read what is new for the job's tenant until nothing is left.

    Raises:
        Unavailable: a plugin failed on some of it; the job comes back for those.
    """
    assert job.tenant_id is not None
    failed: set[uuid.UUID] = set()
    while True:
        with reading(job.tenant_id) as session:
            parcels = _next_parcels(session, failed)
        for together in _batches(parcels):
            _read_batch(job, together, failed)
        if not parcels and _is_over(job, failed):
            break
        if not failed:  # those would be tried again at once
            job.make_way()
    if failed:
        raise Unavailable(f"{len(failed)} messages could not be read yet.", retry_after=30)


def _is_over(job: RunningJob, failed: set[uuid.UUID]) -> bool:
    """Whether really nothing is left, asked in the transaction that ends the job."""
    with job.step() as step:
        query = sa.select(Incoming.id).where(Incoming.state == "new").limit(1 + len(failed))
        waiting = set(step.session.scalars(query))
        if waiting - failed:
            return False
        if not failed:
            step.finish({})
    return True


def _next_parcels(session: Session, failed: set[uuid.UUID]) -> list[Parcel]:
    query = sa.select(Incoming).where(Incoming.state == "new").order_by(Incoming.id).limit(BATCH + len(failed))
    rows = [row for row in session.scalars(query) if row.id not in failed]
    return [
        parcel
        for number, batch in groupby(rows, key=lambda row: row.channel_number)
        for parcel in _pack(session, channels.channel_by_number(session, number), list(batch))
    ]


def _pack(session: Session, channel: Channel, rows: Sequence[Incoming]) -> Iterator[Parcel]:
    settings, vault = channels.settings_of(session, channel), vault_of(session)
    for (source, received_at), batch in groupby(rows, key=lambda row: (row.source, row.received_at)):
        together = list(batch)
        bodies = [vault.unseal("incoming", row.id, "body", row.body) for row in together]
        if source == "sdk":
            text = b'{"batch":[' + b",".join(bodies) + b"]}"
            request = Request(id=str(together[0].id), received_at=received_at, body=text)
            yield Parcel(channel, settings, together, request)
            continue
        for row, body in zip(together, bodies, strict=True):
            kept = json.loads(body)
            yield Parcel(channel, settings, [row], Request.model_validate(kept["request"]), kept["believed"])


def _batches(parcels: Sequence[Parcel]) -> Iterator[list[Parcel]]:
    """Webhooks of one channel are taken together: in haste, a commit for each would keep the next ones waiting."""
    for _, alike in groupby(parcels, key=lambda parcel: (parcel.channel.number, parcel.is_webhook)):
        batch = list(alike)
        size = WEBHOOKS_A_STEP if batch[0].is_webhook else 1
        yield from (batch[start : start + size] for start in range(0, len(batch), size))


def _read_batch(job: RunningJob, batch: Sequence[Parcel], failed: set[uuid.UUID]) -> None:
    read = [(parcel, events) for parcel in batch if (events := _read_parcel(job, parcel, failed)) is not None]
    if len(read) < 2 or sum(len(events) for _, events in read) > MOST_EVENTS or not _take_together(job, read):
        for parcel, events in read:
            _take(job, parcel, events)


def _read_parcel(job: RunningJob, parcel: Parcel, failed: set[uuid.UUID]) -> list[Event] | None:
    """Its events; None for one that is closed or put off."""
    try:
        return _parse(parcel)
    except Refused as refusal:
        _close(job, parcel, refused=refusal.message)
    except ChannelFailure as failure:
        log.warning("%s could not read %d messages: %s", parcel.channel.plugin_key, len(parcel.rows), failure.kind)
        if _put_off(job, parcel, failure.message):
            failed.update(row.id for row in parcel.rows)
    return None


def _parse(parcel: Parcel) -> list[Event]:
    key = parcel.channel.plugin_key
    if not parcel.was_believed:  # `answer` overran when it came in: ask again, without a vendor waiting
        answer = host().call(key, "answer", parcel.request, parcel.settings, timeout=10)
        if not answer.accepted:
            raise Refused("the request is not genuine")
    return host().call(key, "parse", parcel.request, parcel.settings)


def _take_together(job: RunningJob, read: Sequence[tuple[Parcel, list[Event]]]) -> bool:
    """Take the events of several webhooks in one step. False, with nothing done, when one of them spoils it."""
    events = [event for _, told in read for event in told]
    try:
        with job.step() as step:
            refused = facts.take(step.session, read[0][0].channel, events).refused
            whole = [p for p, told in read if not any(event.event_id in refused for event in told)]
            _mark(step.session, whole, state="done", reason=None)
            for parcel, told in read:
                if any(isinstance(event, Notice) for event in told):
                    submit_fetch(step.session, parcel.rows[0])
                own = {event.event_id: refused[event.event_id] for event in told if event.event_id in refused}
                if own:
                    _mark(step.session, [parcel], state="done", reason=_tell(own))
    except Invalid:
        log.warning("a webhook of %s cannot be stored; its batch is taken one by one", read[0][0].channel.plugin_key)
        return False
    return True


def _take(job: RunningJob, parcel: Parcel, events: list[Event]) -> None:
    try:
        with job.step() as step:
            refused: dict[str, str] = {}
            for start in range(0, len(events), MOST_EVENTS):
                refused |= facts.take(step.session, parcel.channel, events[start : start + MOST_EVENTS]).refused
            if any(isinstance(event, Notice) for event in events):
                submit_fetch(step.session, parcel.rows[0])
            _mark(step.session, [parcel], state="done", reason=_tell(refused))
    except Invalid as error:
        if len(parcel.rows) == 1:
            _close(job, parcel, refused=_name_fields(error))
            return
        log.warning("a message of %s cannot be stored; its batch is read one by one", parcel.channel.plugin_key)
        for row, body in zip(parcel.rows, json.loads(parcel.request.body)["batch"], strict=True):
            text = json.dumps({"batch": [body]}).encode()
            alone = Parcel(parcel.channel, parcel.settings, [row], parcel.request.model_copy(update={"body": text}))
            _take(job, alone, _parse(alone))


def _tell(refused: dict[str, str]) -> str | None:
    return f"{len(refused)} events refused: {', '.join(sorted(set(refused.values())))}" if refused else None


def _name_fields(error: Invalid) -> str:
    return ", ".join(f"{field.path}: {field.code}" for field in error.fields) or error.message


def _close(job: RunningJob, parcel: Parcel, *, refused: str) -> None:
    with job.step() as step:
        _mark(step.session, [parcel], state="refused", reason=refused)


def _put_off(job: RunningJob, parcel: Parcel, why: str) -> bool:
    """Count the attempt; after the fifth the message is refused. True if it waits for another one."""
    last = any(row.attempts + 1 >= MOST_ATTEMPTS for row in parcel.rows)
    with job.step() as step:
        _mark(step.session, [parcel], state="refused" if last else "new", reason=why, attempts=1)
    return not last


def _mark(session: Session, parcels: Sequence[Parcel], *, state: str, reason: str | None, attempts: int = 0) -> None:
    session.execute(
        sa.update(Incoming)
        .where(Incoming.id.in_([row.id for parcel in parcels for row in parcel.rows]))
        .values(state=state, reason=reason and reason[:200], attempts=Incoming.attempts + attempts)
        .execution_options(synchronize_session=False)
    )
