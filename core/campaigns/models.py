"""A one-off send: a message, an audience, a time, limits."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow

STATES = ("draft", "running", "paused", "done", "cancelled")


class Campaign(TenantRow):
    """活动. `link_code` is the tracked link that its messages carry; `cap` is messages a contact in `cap_days`."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "number"),
        sa.UniqueConstraint("tenant_id", "name"),
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.CheckConstraint("state IN ('draft','running','paused','done','cancelled')", name="state"),
    )

    number: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str] = mapped_column(sa.String(120))
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    link_code: Mapped[str | None] = mapped_column(sa.String(20))
    message: Mapped[str] = mapped_column(sa.Text)
    purpose: Mapped[str] = mapped_column(sa.String(20), default="marketing")
    audience: Mapped[dict[str, object]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    opens_minute: Mapped[int] = mapped_column(sa.Integer, default=8 * 60)
    closes_minute: Mapped[int] = mapped_column(sa.Integer, default=22 * 60)
    cap: Mapped[int] = mapped_column(sa.Integer, default=2)
    cap_days: Mapped[int] = mapped_column(sa.Integer, default=7)
    walked_to: Mapped[int] = mapped_column(sa.Integer, default=0)
    planned_all: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    stopped_by: Mapped[str | None] = mapped_column(sa.String(500))
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
