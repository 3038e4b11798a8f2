"""Whose deed it is: the one named by `acting_as`, else the caller of the current request, else the system."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import g, has_request_context

from core.web.gate import Principal


@dataclass(frozen=True)
class Actor:
    """`name` is `user:<id>`, `key:<id>`, `system` or what `acting_as` was given; the agency may be unknown."""

    name: str
    agency_id: uuid.UUID | None = None


SYSTEM = Actor("system")
_named: ContextVar[Actor | None] = ContextVar("audit_actor", default=None)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Sign the deeds inside the block with this actor (a job for the person who started it, a login for its user)."""
    token = _named.set(actor)
    try:
        yield
    finally:
        _named.reset(token)


def actor_now() -> Actor:
    """Whose deeds are being done."""
    named = _named.get()
    if named is not None:
        return named
    who = g.get("principal") if has_request_context() else None
    return Actor(f"{who.kind}:{who.id}", who.agency_id) if isinstance(who, Principal) else SYSTEM
