"""The manifest: which files are the lake of a tenant now. A generation is a snapshot; it decides, not the folder."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, Json, TenantRow


class LakeState(TenantRow):
    """One row a tenant: its newest generation, and how far the feeds have been read, in the same transaction."""

    __tablename__ = "lake_state"
    __table_args__ = (sa.UniqueConstraint("tenant_id"),)

    generation: Mapped[int] = mapped_column(sa.Integer, default=0)
    bits: Mapped[int] = mapped_column(sa.Integer, default=0)
    positions: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    touches: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    flushed_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class LakePart(TenantRow):
    """One file. It belongs to the generations from `born` until before `retired`; `kind`: touches, orders, drops;
    `news`: whether it was read from the database, and not written anew from older files."""

    __tablename__ = "lake_part"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "name"),
        sa.CheckConstraint("kind IN ('touches','orders','drops')", name="kind"),
        sa.Index("ix_lake_part_retired", "tenant_id", "retired"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    bucket: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(8))
    rows: Mapped[int] = mapped_column(sa.BigInteger)
    born: Mapped[int] = mapped_column(sa.Integer)
    news: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    retired: Mapped[int | None] = mapped_column(sa.Integer)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
