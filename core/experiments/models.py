"""An experiment on a placement (a campaign has one of its own), and who was drawn into which arm."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, TenantRow

TREATED, HELD_OUT = "treated", "held_out"


class Experiment(TenantRow):
    """`share` of the people is held out; orders count for `window_days` after somebody was drawn."""

    __tablename__ = "experiment"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "name"),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.CheckConstraint("state IN ('running','ended')", name="state"),
        sa.CheckConstraint("share > 0 AND share < 1", name="share"),
        sa.Index("ix_experiment_placement", "tenant_id", "placement_number"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    share: Mapped[float] = mapped_column(sa.Float)
    window_days: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str] = mapped_column(sa.String(8), default="running")
    started_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Assignment(TenantRow):
    """Somebody's arm, kept from the first time on, whatever is merged or changed later."""

    __tablename__ = "experiment_assignment"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "experiment_id", "contact_number", name="uq_experiment_assignment_contact"),
        sa.ForeignKeyConstraint(["tenant_id", "experiment_id"], ["experiment.tenant_id", "experiment.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.CheckConstraint("arm IN ('treated','held_out')", name="arm"),
        sa.Index("ix_experiment_assignment_contact", "tenant_id", "contact_number"),
    )

    experiment_id: Mapped[uuid.UUID] = mapped_column(Id)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    arm: Mapped[str] = mapped_column(sa.String(8))
    at: Mapped[datetime] = mapped_column(Instant)
