"""Outgoing webhooks as the API shows them."""

from datetime import datetime

from admin_ui.shapes.web import Shape


class Endpoint(Shape):
    """An address that is told what is recorded; the secret is there once."""

    id: str
    name: str = ""
    url: str = ""
    fact_types: list[str] = []
    state: str = ""
    created_at: datetime | None = None
    last_success_at: datetime | None = None
    failing_since: datetime | None = None
    quiet_until: datetime | None = None
    last_error: str | None = None
    old_secret_until: datetime | None = None
    messages: dict[str, int] = {}
    secret: str | None = None


class Message(Shape):
    """One message on its way, there, or given up."""

    id: str
    state: str = ""
    facts: int = 0
    attempts: int = 0
    next_at: datetime | None = None
    last_error: str | None = None
    created_at: datetime | None = None
    delivered_at: datetime | None = None
    body: str = ""


class TestAnswer(Shape):
    """What the receiver said to a test."""

    taken: bool = False
    error: str | None = None
