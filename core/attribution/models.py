"""Runs and what they found. A run's credits of one model are one row: its cells are packed columns (see packing.py),
because a window of years has tens of thousands of them and they are always read together."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Json, TenantRow

UPSTREAM_BASE = "last_non_direct"
STATES = ("queued", "running", "done", "failed")


class AttributionRun(TenantRow):
    """Orders placed on the local days [from_day, to_day), by these options; `preset` names a window kept fresh."""

    __tablename__ = "attribution_run"
    __table_args__ = (
        sa.CheckConstraint("state IN ('queued','running','done','failed')", name="state"),
        sa.Index("ix_attribution_run_preset", "tenant_id", "preset"),
    )

    preset: Mapped[str | None] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(8), default="queued")
    from_day: Mapped[date] = mapped_column(sa.Date)
    to_day: Mapped[date] = mapped_column(sa.Date)
    zone: Mapped[str] = mapped_column(sa.String(60))
    currency: Mapped[str] = mapped_column(sa.String(3))
    lookback_days: Mapped[float] = mapped_column(sa.Float)
    half_life_days: Mapped[float] = mapped_column(sa.Float)
    cut: Mapped[str] = mapped_column(sa.String(16))
    upstream_share: Mapped[float] = mapped_column(sa.Float, default=0.0, server_default="0")
    upstream_depth: Mapped[int] = mapped_column(sa.Integer, default=3, server_default="3")
    upstream_base: Mapped[str] = mapped_column(sa.String(60), default=UPSTREAM_BASE, server_default=UPSTREAM_BASE)
    calibrate: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    # The experiments' lifts as they were when the run was made: what it was calibrated by, if it was.
    measured: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list, server_default="[]")
    collapse: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    direct_touches: Mapped[str] = mapped_column(sa.String(12), default="keep", server_default="keep")
    visitors: Mapped[str] = mapped_column(sa.String(12), default="count", server_default="count")
    kind_weights: Mapped[dict[str, float]] = mapped_column(Json, default=dict, server_default="{}")
    detail: Mapped[str] = mapped_column(sa.String(8), default="auto", server_default="auto")
    # Whom intervals were made of; empty when the run was made without.
    sample: Mapped[dict[str, int]] = mapped_column(Json, default=dict, server_default="{}")
    # How soon credit comes (see maturing.py), and what was placed, cancelled and refunded (see revenue.py).
    maturing: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    settled: Mapped[dict[str, int]] = mapped_column(Json, default=dict, server_default="{}")
    engine: Mapped[str] = mapped_column(sa.String(8), default="local", server_default="local")
    # The full run whose sums it started from, which may be gone by now; none when it counted everybody itself.
    followed: Mapped[uuid.UUID | None] = mapped_column(Id)
    changed_contacts: Mapped[int | None] = mapped_column(sa.Integer)
    # The run that this one was asked to make again, which may be gone by now.
    repeats: Mapped[uuid.UUID | None] = mapped_column(Id)
    models: Mapped[dict[str, str]] = mapped_column(Json)
    version: Mapped[str] = mapped_column(sa.String(20))
    generation: Mapped[int | None] = mapped_column(sa.Integer)
    # How to find the generation's files again (see repeating.py); before the run is made: the ones it is to be made of.
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    progress_done: Mapped[int] = mapped_column(sa.Integer, default=0)
    progress_total: Mapped[int] = mapped_column(sa.Integer, default=0)
    orders: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    value_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    lost_orders: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    lost_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    journeys: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    seconds: Mapped[float | None] = mapped_column(sa.Float)
    error: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class AttributionCredit(TenantRow):
    """What one model gave. cells: packed (channel, placement, day, conversions, value); effects: of channel models, by
    channel number; insides: what it was solved from, where that can be shown (see insides.py). The model `` (empty)
    holds the unattributed orders by their own day."""

    __tablename__ = "attribution_credit"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"], ["attribution_run.tenant_id", "attribution_run.id"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("tenant_id", "run_id", "model"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(Id)
    model: Mapped[str] = mapped_column(sa.String(60))
    cells: Mapped[bytes] = mapped_column(sa.LargeBinary)
    effects: Mapped[dict[str, list[float]]] = mapped_column(Json, default=dict)
    insides: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
