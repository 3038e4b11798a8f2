"""What is put out on a channel, what it cost by day, its links and the serials of its cards."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow


def _placement_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"])


class Placement(TenantRow):
    """投放: one thing put out: an SMS blast, a batch of cards, a live session. Facts refer to it by `number`."""

    __tablename__ = "placement"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "number"),
        sa.UniqueConstraint("tenant_id", "channel_number", "name"),
        sa.CheckConstraint("state IN ('active', 'archived')", name="state"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="period"),
    )

    number: Mapped[int] = mapped_column(sa.Integer)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    currency: Mapped[str] = mapped_column(sa.String(3))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class PlacementCost(TenantRow):
    """What a placement cost on one local day. `cost_key` makes the same entry of an import one row."""

    __tablename__ = "placement_cost"
    __table_args__ = (
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "placement_number", "cost_key"),
        sa.Index(None, "tenant_id", "day"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    day: Mapped[date] = mapped_column(sa.Date)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    cost_key: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Link(TenantRow):
    """短链: one for each placement and message; `code` is found through the platform's `address` table."""

    __tablename__ = "link"
    __table_args__ = (
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "code"),
        sa.Index(None, "tenant_id", "placement_number"),
        sa.CheckConstraint("state IN ('active', 'archived')", name="state"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    code: Mapped[str] = mapped_column(sa.String(8))
    target_url: Mapped[str] = mapped_column(sa.String(2048))
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    tells_code: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class CardCode(TenantRow):
    """码: a serial printed once and redeemed once. The serial is derived from `number`; only its HMAC is stored.

    What a packing list says of the card stands beside it: the product it goes with, its place in the list, and the
    order, sealed for printing and as an HMAC for finding.
    """

    __tablename__ = "card_code"
    __table_args__ = (
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "placement_number", "number"),
        sa.UniqueConstraint("tenant_id", "digest"),
        sa.CheckConstraint("state IN ('printed', 'active', 'redeemed', 'void')", name="state"),
        sa.Index(
            "ix_card_code_order",
            "tenant_id",
            "order_digest",
            sqlite_where=sa.text("order_digest IS NOT NULL"),
            postgresql_where=sa.text("order_digest IS NOT NULL"),
        ),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[int] = mapped_column(sa.Integer)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    state: Mapped[str] = mapped_column(sa.String(10), default="printed")
    sku: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")
    sequence: Mapped[int | None] = mapped_column(sa.Integer)
    order_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    order_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    shipped_at: Mapped[datetime | None] = mapped_column(Instant)
    activated_at: Mapped[datetime | None] = mapped_column(Instant)
    moved_by: Mapped[uuid.UUID | None] = mapped_column(Id)  # the last `card_move` that changed its state
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Redemption(TenantRow):
    """The one time a serial was redeemed. Its id is the event id of the touchpoint that tells who it was."""

    __tablename__ = "redemption"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "code_id"], ["card_code.tenant_id", "card_code.id"]),
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "code_id"),
        sa.Index("ix_redemption_placement", "tenant_id", "placement_number", "at"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_redemption_contact", "tenant_id", "contact_number"),
        sa.Index("ix_redemption_device", "tenant_id", "device", "at"),
        sa.Index("ix_redemption_address", "tenant_id", "address", "at"),
    )

    code_id: Mapped[uuid.UUID] = mapped_column(Id)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int | None] = mapped_column(sa.Integer)  # unknown of those before it was kept
    device: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))  # HMACs under the brand's key
    address: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime] = mapped_column(Instant)
    answers: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # the form as posted, sealed


def _card_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id", "code_id"], ["card_code.tenant_id", "card_code.id"])


class CardScan(TenantRow):
    """A browser that scanned a card, once: its cookie as an HMAC, and the first time."""

    __tablename__ = "card_scan"
    __table_args__ = (
        _card_key(),
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "code_id", "device"),
        sa.Index(None, "tenant_id", "placement_number", "code_id"),
    )

    code_id: Mapped[uuid.UUID] = mapped_column(Id)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    device: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime] = mapped_column(Instant)


class CardSign(TenantRow):
    """Something doubtful about cards of a placement (`core.placements.card_rules`), until somebody has settled it."""

    __tablename__ = "card_sign"
    __table_args__ = (
        _placement_key(),
        _card_key(),
        sa.UniqueConstraint("tenant_id", "placement_number", "kind", "subject"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(20))
    subject: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    code_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    count: Mapped[int] = mapped_column(sa.Integer)
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class RefusedRedemption(TenantRow):
    """A redemption that was refused, once a card, reason and form; `answers` is the form, sealed, for a week."""

    __tablename__ = "refused_redemption"
    __table_args__ = (
        _card_key(),
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "code_id", "reason", "who"),
        sa.Index(None, "tenant_id", "placement_number"),
        sa.CheckConstraint("state IN ('refused', 'accepted', 'dismissed')", name="state"),
    )

    code_id: Mapped[uuid.UUID] = mapped_column(Id)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    reason: Mapped[str] = mapped_column(sa.String(16))
    who: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    device: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    address: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    answers: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    times: Mapped[int] = mapped_column(sa.Integer, default=1)
    state: Mapped[str] = mapped_column(sa.String(10), default="refused")
    at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def can_accept(self) -> bool:
        """Whether it may still be put right: undecided, its form known, and the card not redeemed by somebody."""
        return self.state == "refused" and self.answers is not None and self.reason != "used"


class PlacementFigure(TenantRow):
    """What the platform counted by one local day: a running `total`, or what was `added` on the day alone, or both."""

    __tablename__ = "placement_figure"
    __table_args__ = (_placement_key(), sa.UniqueConstraint("tenant_id", "placement_number", "name", "day"))

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str] = mapped_column(sa.String(20))
    day: Mapped[date] = mapped_column(sa.Date)
    total: Mapped[int | None] = mapped_column(sa.BigInteger)
    total_at: Mapped[datetime | None] = mapped_column(Instant)
    added: Mapped[int | None] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime | None] = mapped_column(Instant)


class ShowMinute(TenantRow):
    """How many watched in one minute of a show (the first is 1)."""

    __tablename__ = "show_minute"
    __table_args__ = (_placement_key(), sa.UniqueConstraint("tenant_id", "placement_number", "minute"))

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    minute: Mapped[int] = mapped_column(sa.Integer)
    viewers: Mapped[int] = mapped_column(sa.BigInteger)


class PlacementArtifact(TenantRow):
    """A file made for a placement: a sheet of cards, a poster."""

    __tablename__ = "placement_artifact"
    __table_args__ = (_placement_key(), sa.Index(None, "tenant_id", "placement_number"))

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    file_id: Mapped[uuid.UUID] = mapped_column(Id)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[dict[str, str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class PlacementArt(TenantRow):
    """The brand's own picture for one side of what is printed; its bytes are a stored file."""

    __tablename__ = "placement_art"
    __table_args__ = (
        _placement_key(),
        sa.UniqueConstraint("tenant_id", "placement_number", "side"),
        sa.CheckConstraint("side IN ('front', 'back')", name="side"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    side: Mapped[str] = mapped_column(sa.String(5))
    file_id: Mapped[uuid.UUID] = mapped_column(Id)
    media_type: Mapped[str] = mapped_column(sa.String(20))
    width: Mapped[int] = mapped_column(sa.Integer)
    height: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
