"""Conversions with a value. A refund lowers the net value in place; a cancelled order counts as never placed."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.contacts.feed import Fed
from core.db import Id, Instant, TenantRow

STATES = ("placed", "paid", "completed", "refunded", "cancelled")


class Order(Fed, TenantRow):
    """One order of one channel: `event_id` and `order_no` each name it there.

    `placement_number` is set where the order itself names who sold it (a clerk's code, a shop's till); what attribution
    makes of it is another matter.
    """

    __tablename__ = "orders"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "channel_number", "event_id"),
        sa.UniqueConstraint("tenant_id", "channel_number", "order_no", name="uq_orders_order_no"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.CheckConstraint("state IN ('placed','paid','completed','refunded','cancelled')", name="state"),
        sa.CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refund"),
        sa.Index("ix_orders_contact", "tenant_id", "contact_number", "placed_at"),
        sa.Index("ix_orders_placed_at", "tenant_id", "placed_at"),
        sa.Index("ix_orders_order_no", "tenant_id", "order_no"),
        sa.Index("ix_orders_feed", "tenant_id", "tx"),
        sa.Index(
            "ix_orders_placement",
            "tenant_id",
            "placement_number",
            "placed_at",
            sqlite_where=sa.text("placement_number IS NOT NULL"),
            postgresql_where=sa.text("placement_number IS NOT NULL"),
        ),
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int | None] = mapped_column(sa.Integer)
    event_id: Mapped[str] = mapped_column(sa.String(200))
    order_no: Mapped[str] = mapped_column(sa.String(100))
    placed_at: Mapped[datetime] = mapped_column(Instant)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    refunded_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(12), default="placed")

    @property
    def net_minor(self) -> int:
        """What the order is worth now."""
        return 0 if self.state == "cancelled" else self.amount_minor - self.refunded_minor


class OrderChange(Fed, TenantRow):
    """A refund or cancellation, append-only: the lake follows it, and a repeated event is known by it."""

    __tablename__ = "order_change"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "channel_number", "event_id"),
        sa.ForeignKeyConstraint(["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.CheckConstraint("kind IN ('refund','cancel')", name="kind"),
        sa.Index("ix_order_change_order", "tenant_id", "order_id"),
        sa.Index("ix_order_change_feed", "tenant_id", "tx"),
        {"info": {"append_only": True}},
    )

    order_id: Mapped[uuid.UUID] = mapped_column(Id)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    event_id: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(8))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
