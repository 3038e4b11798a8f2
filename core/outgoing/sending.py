"""Sending what is due to one endpoint: posted outside of any transaction, its outcome written in a step of its own."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import httpx
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import find, reading
from core.errors import NotFound
from core.jobs.running import RunningJob
from core.outgoing.models import ACTIVE, DELIVERED, DISABLED, FAILED, WAITING, WebhookEndpoint, WebhookMessage
from core.outgoing.retrying import DEAD_AFTER, Reaction, judge_status, next_attempt, rest
from core.outgoing.secrets import secrets_of
from core.outgoing.telling import ask_to_send
from core.plugin_host.guard import Escaped, Overrun, run_guarded
from core.sdk.egress import PublicOnly
from core.sdk.failures import ChannelFailure
from core.sdk.signing.standard_webhooks import sign_webhook

MESSAGES_A_JOB = 50
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes out: opened before the request, so that no transaction is open beside it."""

    url: str
    secrets: tuple[str, ...]
    message: str
    body: bytes


def public_way() -> httpx.BaseTransport:
    """Public addresses only, each request to the very address that was checked."""
    return PublicOnly(retries=0, trust_env=False)


def send(job: RunningJob) -> None:
    """Send the endpoint's due messages, oldest first, at most fifty a job, so that others have their turn.

    The first sign that the receiver is down or asks for less ends the job; the endpoint then rests.
    """
    assert job.tenant_id is not None
    endpoint_id = str(job.args["endpoint"])
    for _ in range(MESSAGES_A_JOB):
        with reading(job.tenant_id) as session:
            found = _next_due(session, endpoint_id)
        if found is None:
            break
        reaction = post(found)
        with job.step() as step:
            _settle(step.session, found, reaction)
        job.make_way()
    with job.step() as step:
        _come_back(step.session, endpoint_id)
        step.finish()


def post(envelope: Envelope) -> Reaction:
    """One attempt, bounded in time whatever the receiver does. Only the status is read."""
    try:
        return run_guarded(partial(_post, envelope), seconds=SECONDS, name="webhook")
    except Overrun:
        return Reaction("slow", f"no answer within {SECONDS:g} seconds")
    except Escaped as escaped:
        if isinstance(escaped.cause, ChannelFailure):
            return Reaction("slow", escaped.cause.message[:200])
        return Reaction("slow", f"cannot be reached: {type(escaped.cause).__name__}")


def _post(envelope: Envelope) -> Reaction:
    at = clock.now()
    signatures = [sign_webhook(s, message_id=envelope.message, at=at, body=envelope.body) for s in envelope.secrets]
    headers = {
        "content-type": "application/json",
        "user-agent": "Siyu-Webhooks/1",
        "webhook-id": envelope.message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    with (
        httpx.Client(timeout=SECONDS, transport=public_way(), follow_redirects=False, trust_env=False) as client,
        client.stream("POST", envelope.url, headers=headers, content=envelope.body) as answer,
    ):
        return judge_status(answer.status_code, answer.headers.get("retry-after", ""))


def _next_due(session: Session, endpoint_id: str) -> Envelope | None:
    try:
        endpoint = find(session, WebhookEndpoint, endpoint_id)
    except NotFound:  # removed while the job waited
        return None
    now = clock.now()
    if endpoint.state != ACTIVE or (endpoint.quiet_until is not None and endpoint.quiet_until > now):
        return None
    query = _waiting(endpoint).where(WebhookMessage.next_at <= now)
    message = session.scalar(query.order_by(WebhookMessage.next_at, WebhookMessage.id).limit(1))
    if message is None:
        return None
    return Envelope(endpoint.url, secrets_of(session, endpoint, now=now), str(message.id), message.body.encode())


def _settle(session: Session, envelope: Envelope, reaction: Reaction) -> None:
    """Write what came of it. An endpoint that rests or is disabled has nothing due, which ends the job."""
    try:
        message = find(session, WebhookMessage, envelope.message)
    except NotFound:  # its endpoint was removed while it was on its way
        return
    endpoint = find(session, WebhookEndpoint, message.endpoint_id)
    now = clock.now()
    message.attempts += 1
    message.last_error = reaction.error
    if reaction.verdict == "taken":
        message.state, message.delivered_at = DELIVERED, now
        endpoint.failures, endpoint.failing_since, endpoint.quiet_until = 0, None, None
        endpoint.last_success_at, endpoint.last_error = now, None
        return
    again = next_attempt(message.attempts, now=now, message=message.id)
    if again is None:
        message.state = FAILED
    else:
        message.next_at = again
    _note_failure(endpoint, reaction, now)


def _note_failure(endpoint: WebhookEndpoint, reaction: Reaction, now: datetime) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.last_error = reaction.error
    if reaction.verdict == "gone" or now - endpoint.failing_since >= DEAD_AFTER:
        endpoint.state = DISABLED
    if reaction.verdict == "slow":
        endpoint.quiet_until = now + rest(endpoint.failures, reaction.wait)


def _come_back(session: Session, endpoint_id: str) -> None:
    """Have the next message sent when it is due."""
    try:
        endpoint = find(session, WebhookEndpoint, endpoint_id)
    except NotFound:
        return
    if endpoint.state != ACTIVE:
        return
    due = session.scalar(_waiting(endpoint).with_only_columns(sa.func.min(WebhookMessage.next_at)))
    if due is not None:
        ask_to_send(session, endpoint, not_before=max(due, endpoint.quiet_until or due))


def _waiting(endpoint: WebhookEndpoint) -> sa.Select[WebhookMessage]:
    return sa.select(WebhookMessage).where(WebhookMessage.endpoint_id == endpoint.id, WebhookMessage.state == WAITING)
