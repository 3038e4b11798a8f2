"""What was done to many cards at once, so that it can be watched and taken back."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow


class CardMove(TenantRow):
    """Cards `first` to `last` of a placement, or those that a packing list names (`list`), moved by a job.

    `problems` holds the first refused rows of a list as line and reason; nothing of what the row said.
    """

    __tablename__ = "card_move"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.Index(None, "tenant_id", "placement_number"),
        sa.CheckConstraint("deed IN ('activate', 'deactivate', 'void', 'restore', 'list')", name="deed"),
        sa.CheckConstraint("state IN ('running', 'done', 'undone')", name="state"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    deed: Mapped[str] = mapped_column(sa.String(10))
    first: Mapped[int] = mapped_column(sa.Integer, default=0)
    last: Mapped[int] = mapped_column(sa.Integer, default=0)
    file_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    file_name: Mapped[str] = mapped_column(sa.String(200), default="")
    undoes: Mapped[uuid.UUID | None] = mapped_column(Id)
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(sa.String(10), default="running")
    moved: Mapped[int] = mapped_column(sa.Integer, default=0)
    made: Mapped[int] = mapped_column(sa.Integer, default=0)
    tied: Mapped[int] = mapped_column(sa.Integer, default=0)
    refused: Mapped[int] = mapped_column(sa.Integer, default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
