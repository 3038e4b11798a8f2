"""A channel is one brand's configured instance of a plugin; an address is how the outside finds a brand."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, PlatformRow, TenantRow

DIRECT = "direct"
"""The key and name of the channel of visits that came by no other; every brand has it from the start, no plugin."""

OTHER = "other"


class Channel(TenantRow):
    """渠道: a plugin with one vendor account. Touchpoints and orders refer to it by `number`."""

    __tablename__ = "channel"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "number"),
        sa.UniqueConstraint("tenant_id", "name"),
        sa.CheckConstraint("state IN ('active', 'archived')", name="state"),
    )

    number: Mapped[int] = mapped_column(sa.Integer)
    plugin_key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(10), default="active")
    settings: Mapped[bytes] = mapped_column(sa.LargeBinary)  # sealed JSON
    last_event_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class Address(PlatformRow):
    """What comes in over a public address: the fingerprint of its secret part, and whose it is."""

    __tablename__ = "address"
    __table_args__ = (
        sa.UniqueConstraint("digest"),
        sa.Index(None, "tenant_number", "kind", "target"),
        sa.CheckConstraint("kind IN ('link', 'card', 'hook', 'write_key', 'earned')", name="kind"),
    )

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    kind: Mapped[str] = mapped_column(sa.String(10))
    tenant_number: Mapped[int] = mapped_column(sa.Integer, sa.ForeignKey("tenant.number"))
    target: Mapped[uuid.UUID] = mapped_column(Id)
