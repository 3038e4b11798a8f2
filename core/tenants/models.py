"""An agency owns tenants; a tenant is one brand, the unit of isolation."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, Model, PlatformRow, new_id


class Agency(PlatformRow):
    """代运营机构: owns tenants; its people may see several."""

    __tablename__ = "agency"

    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Tenant(Model):
    """品牌: one brand. `number` is the tenant_id of all its rows; `id` is what the outside sees."""

    __tablename__ = "tenant"
    __table_args__ = (sa.UniqueConstraint("agency_id", "name"),)

    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=True)
    id: Mapped[uuid.UUID] = mapped_column(Id, unique=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    timezone: Mapped[str] = mapped_column(sa.String(60), default="Asia/Shanghai")
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    data_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
