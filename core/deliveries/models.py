"""One row a message to one person. The unique key is what makes a second send of a campaign impossible."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, TenantRow
from core.deliveries.states import PLANNED


class Delivery(TenantRow):
    """投递. `number` is in the recipient's code of the tracked link, and in the message's idempotency key.

    `campaign_number` has no foreign key: campaigns stand above deliveries.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "number"),
        sa.UniqueConstraint("tenant_id", "campaign_number", "contact_number"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.Index("ix_delivery_campaign_state", "tenant_id", "campaign_number", "state", "number"),
        sa.Index("ix_delivery_provider_id", "tenant_id", "channel_number", "provider_id"),
        sa.Index("ix_delivery_contact_sent", "tenant_id", "contact_number", "sent_at"),
        sa.Index("ix_delivery_channel_sent", "tenant_id", "channel_number", "sent_at"),
    )

    number: Mapped[int] = mapped_column(sa.Integer)
    campaign_number: Mapped[int] = mapped_column(sa.Integer)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str] = mapped_column(sa.String(10), default=PLANNED)
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    provider_id: Mapped[str | None] = mapped_column(sa.String(200))
    parts: Mapped[int | None] = mapped_column(sa.Integer)
    tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    asks: Mapped[int] = mapped_column(sa.Integer, default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
