"""Campaigns: who gets what, and what became of it."""

from datetime import datetime

from pydantic import JsonValue

from admin_ui.shapes.web import Name, Shape


class Campaign(Shape):
    """One campaign with its counts."""

    id: str
    name: str = ""
    state: str = ""
    channel_id: str = ""
    placement_id: str | None = None
    message: str = ""
    purpose: str = "marketing"
    audience: dict[str, JsonValue] = {}
    starts_at: datetime | None = None
    cap: int = 0
    cap_days: int = 0
    stopped_by: str | None = None
    next_open: datetime | None = None
    counts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    created_at: datetime | None = None
    finished_at: datetime | None = None


class MessageRead(Shape):
    """The message as a person reads it."""

    text: str = ""
    parts: int | None = None
    problems: list[Name] = []


class Quota(Shape):
    """What the account's daily quota lets through."""

    daily: int = 0
    used: int = 0
    expected: int = 0
    can_go: int = 0
    days: int = 0


class CampaignPreview(Shape):
    """What a campaign would do now."""

    audience: int = 0
    sampled: int = 0
    would_send: int = 0
    left_out: dict[str, int] = {}
    message: MessageRead | None = None
    quota: Quota | None = None


class Segment(Shape):
    """A saved filter."""

    id: str
    name: str = ""
    filter: dict[str, JsonValue] = {}
    created_at: datetime | None = None


class Counted(Shape):
    """How many a filter finds."""

    count: int = 0


class Tested(Shape):
    """What became of a test."""

    state: str = ""
    reason: str | None = None


class Settled(Shape):
    """How many unknown deliveries were closed by hand."""

    settled: int = 0


class Delivery(Shape):
    """One message to one person."""

    id: str
    number: int = 0
    contact_number: int = 0
    contact_id: str | None = None
    key: str = ""
    provider_id: str | None = None
    state: str = ""
    reason: str | None = None
    parts: int | None = None
    sent_at: datetime | None = None
    changed_at: datetime | None = None
