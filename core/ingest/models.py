"""What came in: files being imported with their refused rows, and calls and webhooks as they arrived."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow


class Import(TenantRow):
    """One file on its way in: first a draft whose mapping may be edited, then running, then done."""

    __tablename__ = "import"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('touchpoints', 'orders', 'contacts', 'costs')", name="kind"),
        sa.CheckConstraint("state IN ('draft', 'running', 'done')", name="state"),
    )

    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    file_id: Mapped[uuid.UUID] = mapped_column(Id)
    encoding: Mapped[str] = mapped_column(sa.String(20))
    delimiter: Mapped[str] = mapped_column(sa.String(1))
    header: Mapped[list[str]] = mapped_column(Json)
    first_row: Mapped[list[int]] = mapped_column(Json)  # offset and line behind the header
    mapping: Mapped[dict[str, object]] = mapped_column(Json)
    row_filter: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    create_channels: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    rows: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    skipped: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    accepted: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    rejected: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    touchpoints: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    orders: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportReject(TenantRow):
    """One row of a file that was not taken; its text is sealed and goes after a week."""

    __tablename__ = "import_reject"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "import_id"], ["import.tenant_id", "import.id"]),
        sa.UniqueConstraint("tenant_id", "import_id", "line"),
        sa.Index(None, "tenant_id", "created_at"),
    )

    import_id: Mapped[uuid.UUID] = mapped_column(Id)
    line: Mapped[int] = mapped_column(sa.BigInteger)
    code: Mapped[str] = mapped_column(sa.String(40))
    particulars: Mapped[bytes] = mapped_column(sa.LargeBinary)  # sealed: they may quote the row
    text: Mapped[bytes] = mapped_column(sa.LargeBinary)  # sealed JSON of the cells
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Incoming(TenantRow):
    """A call of an SDK or a webhook as it arrived, sealed; stored once before it is acknowledged, read later."""

    __tablename__ = "incoming"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number", "message_id"),
        sa.CheckConstraint("source IN ('sdk', 'hook')", name="source"),
        sa.CheckConstraint("state IN ('new', 'done', 'refused')", name="state"),
        sa.Index("ix_incoming_new", "tenant_id", "state", "id"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    source: Mapped[str] = mapped_column(sa.String(4))
    message_id: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(sa.String(8), default="new")
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)


class EarlyFact(TenantRow):
    """What came before the thing it speaks of, sealed; it is taken out when that appears. See early.py."""

    __tablename__ = "early_fact"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number", "subject", "event_id"),
        sa.Index(None, "tenant_id", "created_at"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    subject: Mapped[str] = mapped_column(sa.String(220))
    event_id: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RecentVisits(TenantRow):
    """The latest visits of one contact or visitor to a channel, by which the next page view is known as a new one."""

    __tablename__ = "recent_visits"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "channel_number", "contact_number"),)

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    visits: Mapped[list[list[int]]] = mapped_column(Json)


class ChannelCursor(TenantRow):
    """How far a channel was pulled; moved in the transaction that stores the page's events."""

    __tablename__ = "channel_cursor"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    cursor: Mapped[str | None] = mapped_column(sa.Text)
    pulled_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Claim(TenantRow):
    """One person's claim to what a placement offers, asked for in public; see claims.py. `told` is sealed."""

    __tablename__ = "claim"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.UniqueConstraint("tenant_id", "placement_number", "contact_number"),
        sa.UniqueConstraint("tenant_id", "placement_number", "digits"),
        sa.UniqueConstraint("tenant_id", "digest"),
        sa.Index(None, "tenant_id", "contact_number"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    keyword: Mapped[str] = mapped_column(sa.String(60))
    digits: Mapped[str] = mapped_column(sa.String(6))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    told: Mapped[bytes] = mapped_column(sa.LargeBinary)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)


class VendorCalls(TenantRow):
    """How many requests a channel sent to one host on one local day, and in how many rounds of the verb."""

    __tablename__ = "vendor_calls"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number", "day", "verb", "host"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    day: Mapped[date] = mapped_column(sa.Date)
    verb: Mapped[str] = mapped_column(sa.String(20))
    host: Mapped[str] = mapped_column(sa.String(100))
    rounds: Mapped[int] = mapped_column(sa.Integer)
    calls: Mapped[int] = mapped_column(sa.BigInteger)
