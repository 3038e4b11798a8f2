"""Who is told, and each message on its way."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow

ACTIVE, PAUSED, DISABLED = "active", "paused", "disabled"
WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"


class WebhookEndpoint(TenantRow):
    """An address of the brand's that facts are sent to. `disabled` is our doing, `paused` the operator's.

    While a secret is being changed the old one signs too, until `old_secret_until`.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "url"),
        sa.CheckConstraint("state IN ('active','paused','disabled')", name="state"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    url: Mapped[str] = mapped_column(sa.String(500))
    fact_types: Mapped[list[str]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default=ACTIVE)
    secret: Mapped[bytes] = mapped_column(sa.LargeBinary)
    old_secret: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    old_secret_until: Mapped[datetime | None] = mapped_column(Instant)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(sa.Integer, default=0)
    quiet_until: Mapped[datetime | None] = mapped_column(Instant)
    last_success_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class WebhookMessage(TenantRow):
    """Some facts for one endpoint, as they are sent: the same body and id at every attempt."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoint.tenant_id", "webhook_endpoint.id"], ondelete="CASCADE"
        ),
        sa.CheckConstraint("state IN ('waiting','delivered','failed')", name="state"),
        sa.Index("ix_webhook_message_due", "tenant_id", "endpoint_id", "state", "next_at"),
        sa.Index("ix_webhook_message_made", "tenant_id", "created_at"),
    )

    endpoint_id: Mapped[uuid.UUID] = mapped_column(Id)
    body: Mapped[str] = mapped_column(sa.Text)
    facts: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str] = mapped_column(sa.String(10), default=WAITING)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    last_error: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)
