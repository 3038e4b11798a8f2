"""Gifts handed out once a person, counted; and which clerks have a page of their own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, TenantRow


def _placement_key() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"])


class GiftCount(TenantRow):
    """How many gifts of a placement were handed out; moved only by an update that checks the stock."""

    __tablename__ = "gift_count"
    __table_args__ = (_placement_key(), sa.UniqueConstraint("tenant_id", "placement_number"))

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    given: Mapped[int] = mapped_column(sa.Integer, default=0)


class GiftGiven(TenantRow):
    """One gift to one person; `number` counts from 1 in the placement."""

    __tablename__ = "gift_given"
    __table_args__ = (
        _placement_key(),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.UniqueConstraint("tenant_id", "placement_number", "contact_number"),
        sa.UniqueConstraint("tenant_id", "placement_number", "number"),
    )

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class ClerkPage(TenantRow):
    """A clerk's page. Its address is derived from `issue`; another issue, or `is_open` off, makes the old one fail."""

    __tablename__ = "clerk_page"
    __table_args__ = (_placement_key(), sa.UniqueConstraint("tenant_id", "placement_number"))

    placement_number: Mapped[int] = mapped_column(sa.Integer)
    issue: Mapped[int] = mapped_column(sa.Integer, default=1)
    is_open: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    issued_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
