"""One row a job: truth lives here, Redis only rings the bell."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, Json, PlatformRow

STATES = ("ready", "queued", "running", "done", "unknown", "dead", "cancelled")
OPEN_STATES = ("ready", "queued", "running")
NOBODY = 0
"""The owner of a job that belongs to no tenant."""


class Job(PlatformRow):
    """A unit of background work. `owner` is the tenant's number, or NOBODY; `attempt` is the fencing token."""

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("owner", "idem_key"),
        sa.UniqueConstraint("owner", "pending_key"),
        sa.CheckConstraint("state IN ('ready','queued','running','done','unknown','dead','cancelled')", name="state"),
        sa.Index("ix_job_open", "state", "not_before", sqlite_where=sa.text("state IN ('ready','queued','running')")),
        sa.Index("ix_job_owner", "owner", "id"),
    )

    owner: Mapped[int] = mapped_column(sa.Integer, default=NOBODY)
    kind: Mapped[str] = mapped_column(sa.String(60))
    queue: Mapped[str] = mapped_column(sa.String(20))
    args: Mapped[dict[str, object]] = mapped_column(Json)
    idem_key: Mapped[str | None] = mapped_column(sa.String(200))
    pending_key: Mapped[str | None] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(12), default="ready")
    attempt: Mapped[int] = mapped_column(sa.Integer, default=0)
    errors: Mapped[int] = mapped_column(sa.Integer, default=0)
    crashes: Mapped[int] = mapped_column(sa.Integer, default=0)
    not_before: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    checkpoint: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    progress_done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    progress_total: Mapped[int | None] = mapped_column(sa.BigInteger)
    cancel_asked: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    result: Mapped[dict[str, object] | None] = mapped_column(Json)
    last_error: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Schedule(PlatformRow):
    """Something that is due again and again; missed times run once."""

    __tablename__ = "schedule"
    __table_args__ = (sa.UniqueConstraint("owner", "name"),)

    owner: Mapped[int] = mapped_column(sa.Integer, default=NOBODY)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(60))
    args: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    every_seconds: Mapped[int] = mapped_column(sa.Integer)
    next_at: Mapped[datetime] = mapped_column(Instant)
