"""One meeting of a contact, or a visitor, with a channel at an instant. Rows are never changed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.contacts.feed import Fed
from core.db import Instant, Json, TenantRow
from core.touchpoints.kinds import KINDS


class Touchpoint(Fed, TenantRow):
    """`event_id` is the channel's own name of the event: the same one again is the same row, for ever."""

    __tablename__ = "touchpoint"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "channel_number", "event_id"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        sa.Index("ix_touchpoint_contact", "tenant_id", "contact_number", "at"),
        sa.Index("ix_touchpoint_feed", "tenant_id", "tx"),
        sa.Index(
            "ix_touchpoint_placement",
            "tenant_id",
            "placement_number",
            "kind",
            sqlite_where=sa.text("placement_number IS NOT NULL"),
            postgresql_where=sa.text("placement_number IS NOT NULL"),
        ),
    )

    contact_number: Mapped[int] = mapped_column(sa.Integer)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int | None] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    event_id: Mapped[str] = mapped_column(sa.String(200))
    is_bot: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    detail: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
