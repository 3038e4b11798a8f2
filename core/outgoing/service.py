"""Setting up endpoints, changing their secrets, and what became of their messages."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import find, new_id
from core.errors import Conflict, FieldError, Invalid
from core.outgoing.models import ACTIVE, DELIVERED, FAILED, WAITING, WebhookEndpoint, WebhookMessage
from core.outgoing.secrets import new_secret, seal_secret
from core.outgoing.telling import ask_to_send, begin_feed

MOST_ENDPOINTS = 20
OLD_SECRET_LIVES = timedelta(hours=24)
KEPT = timedelta(days=30)


def create_endpoint(session: Session, *, name: str, url: str, fact_types: Sequence[str]) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, told of what is recorded from now on, and its secret, which is not shown again.

    Raises:
        Invalid: an address that is not https, or no kind of fact.
        Conflict: the address is there already, or there are twenty.
    """
    _judge(url, fact_types)
    _refuse_taken(session, url)
    if (session.scalar(sa.select(sa.func.count()).select_from(WebhookEndpoint)) or 0) >= MOST_ENDPOINTS:
        raise Conflict(f"There are {MOST_ENDPOINTS} endpoints, the most a brand can have; remove one first.")
    endpoint = WebhookEndpoint(id=new_id(), name=name, url=url, fact_types=sorted(set(fact_types)), secret=b"")
    secret = new_secret()
    seal_secret(session, endpoint, secret)
    session.add(endpoint)
    session.flush()
    begin_feed(session)
    return endpoint, secret


def change_endpoint(
    session: Session, endpoint: WebhookEndpoint, *, name: str, url: str, fact_types: Sequence[str]
) -> None:
    """Rename it, move it, or tell it of other facts from now on. Raises as `create_endpoint`."""
    _judge(url, fact_types)
    if url != endpoint.url:
        _refuse_taken(session, url)
    endpoint.name, endpoint.url, endpoint.fact_types = name, url, sorted(set(fact_types))
    session.flush()


def set_state(session: Session, endpoint: WebhookEndpoint, state: str) -> None:
    """Pause or go on. Going on sends what was kept meanwhile, and forgets earlier failures."""
    endpoint.state = state
    if state == ACTIVE:
        endpoint.failures, endpoint.failing_since, endpoint.quiet_until = 0, None, None
        ask_to_send(session, endpoint)
    session.flush()


def change_secret(session: Session, endpoint: WebhookEndpoint) -> str:
    """A new secret; for a day the old one signs beside it."""
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, clock.now() + OLD_SECRET_LIVES
    secret = new_secret()
    seal_secret(session, endpoint, secret)
    session.flush()
    return secret


def remove_endpoint(session: Session, endpoint: WebhookEndpoint) -> None:
    """Take it away with its messages."""
    session.execute(sa.delete(WebhookMessage).where(WebhookMessage.endpoint_id == endpoint.id))
    session.delete(endpoint)
    session.flush()


def find_endpoint(session: Session, endpoint_id: str | uuid.UUID) -> WebhookEndpoint:
    """One endpoint by its public id. Raises `NotFound`."""
    return find(session, WebhookEndpoint, endpoint_id)


def list_endpoints(session: Session) -> list[WebhookEndpoint]:
    """All of the brand, oldest first; twenty at most."""
    return list(session.scalars(sa.select(WebhookEndpoint).order_by(WebhookEndpoint.id)))


def count_messages(session: Session, endpoint: WebhookEndpoint) -> dict[str, int]:
    """How many of its messages are in each state."""
    query = sa.select(WebhookMessage.state, sa.func.count()).where(WebhookMessage.endpoint_id == endpoint.id)
    return dict(session.execute(query.group_by(WebhookMessage.state)).all())


def list_messages(
    session: Session,
    endpoint: WebhookEndpoint,
    *,
    state: str | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> list[WebhookMessage]:
    """Newest first."""
    query = sa.select(WebhookMessage).where(WebhookMessage.endpoint_id == endpoint.id)
    if state is not None:
        query = query.where(WebhookMessage.state == state)
    if before is not None:
        query = query.where(WebhookMessage.id < before)
    return list(session.scalars(query.order_by(WebhookMessage.id.desc()).limit(limit)))


def send_again(session: Session, endpoint: WebhookEndpoint) -> int:
    """Put every message that was given up back in the queue, with all of its attempts; how many those were."""
    now = clock.now()
    mine = WebhookMessage.endpoint_id == endpoint.id
    session.execute(sa.update(WebhookMessage).where(mine, WebhookMessage.state == WAITING).values(next_at=now))
    found = session.scalars(
        sa.update(WebhookMessage)
        .where(mine, WebhookMessage.state == FAILED)
        .values(state=WAITING, attempts=0, next_at=now)
        .returning(WebhookMessage.id)
    ).all()
    endpoint.quiet_until = None
    ask_to_send(session, endpoint)
    return len(found)


def expire_messages(session: Session) -> int:
    """Remove up to 500 messages that are over for thirty days; how many."""
    old = sa.select(WebhookMessage.id).where(
        WebhookMessage.state.in_((DELIVERED, FAILED)), WebhookMessage.created_at < clock.now() - KEPT
    )
    ids = list(session.scalars(old.limit(500)))
    session.execute(sa.delete(WebhookMessage).where(WebhookMessage.id.in_(ids)))
    return len(ids)


def _judge(url: str, fact_types: Sequence[str]) -> None:
    wrong = []
    if not _is_address(url):
        wrong.append(FieldError("url", "address", "Give an https address without name or password in it."))
    if not fact_types:
        wrong.append(FieldError("fact_types", "missing", "Choose at least one kind of fact."))
    if wrong:
        raise Invalid(fields=wrong)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and port != 0


def _refuse_taken(session: Session, url: str) -> None:
    if session.scalar(sa.select(WebhookEndpoint.id).where(WebhookEndpoint.url == url)) is not None:
        raise Conflict("There is an endpoint with this address already.")
