"""Outgoing webhooks as the API takes and shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel, Field

from core.outgoing.models import WebhookEndpoint, WebhookMessage
from core.sdk.facts import FactType
from core.web import Body, PageQuery, TenantPath

ALL_TYPES: tuple[FactType, ...] = get_args(FactType)


class EndpointPath(TenantPath):
    """One endpoint."""

    endpoint: str = Field(max_length=64)


class NewEndpoint(Body):
    """Where facts are sent, and which; all of them when none are named."""

    name: str = Field(min_length=1, max_length=120)
    url: str = Field(min_length=1, max_length=500, description="https, public; no redirects are followed")
    fact_types: list[FactType] = Field(default=list(ALL_TYPES), max_length=len(ALL_TYPES))


class EndpointState(Body):
    """Pause, or go on."""

    state: Literal["active", "paused"]


class MessagesQuery(PageQuery):
    """Which messages."""

    state: Literal["waiting", "delivered", "failed"] | None = None


class EndpointShown(BaseModel):
    """An endpoint and how it does. `secret` is there in the answer that made it, and never again."""

    id: str
    name: str
    url: str
    fact_types: list[str]
    state: str
    created_at: datetime
    last_success_at: datetime | None
    failing_since: datetime | None
    quiet_until: datetime | None
    last_error: str | None
    old_secret_until: datetime | None
    messages: dict[str, int]
    secret: str | None = None


class MessageShown(BaseModel):
    """One message; `id` is its header `webhook-id`."""

    id: str
    state: str
    facts: int
    attempts: int
    next_at: datetime | None
    last_error: str | None
    created_at: datetime
    delivered_at: datetime | None
    body: str


class TestAnswer(BaseModel):
    """What the receiver answered to a message that says nothing."""

    taken: bool
    error: str | None


def show_endpoint(row: WebhookEndpoint, messages: Mapping[str, int], secret: str | None = None) -> EndpointShown:
    """An endpoint as of now."""
    return EndpointShown(
        id=str(row.id),
        name=row.name,
        url=row.url,
        fact_types=list(row.fact_types),
        state=row.state,
        created_at=row.created_at,
        last_success_at=row.last_success_at,
        failing_since=row.failing_since,
        quiet_until=row.quiet_until,
        last_error=row.last_error,
        old_secret_until=row.old_secret_until,
        messages=dict(messages),
        secret=secret,
    )


def show_message(row: WebhookMessage) -> MessageShown:
    """A message as it stands."""
    return MessageShown(
        id=str(row.id),
        state=row.state,
        facts=row.facts,
        attempts=row.attempts,
        next_at=row.next_at if row.state == "waiting" else None,
        last_error=row.last_error,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        body=row.body,
    )
