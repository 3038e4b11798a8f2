"""Edges from inviter to invitee. They keep the contact numbers they were born with, as all facts do; readers resolve
merges, so that an undo needs nothing here."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Instant, TenantRow


class Referral(TenantRow):
    """裂变. `inviter_number` brought `invitee_number`; the first told stands. `at` is when the source says it was."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "invitee_number"),
        sa.ForeignKeyConstraint(["tenant_id", "invitee_number"], ["contact.tenant_id", "contact.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "inviter_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_referral_inviter", "tenant_id", "inviter_number"),
    )

    invitee_number: Mapped[int] = mapped_column(sa.Integer)
    inviter_number: Mapped[int] = mapped_column(sa.Integer)
    source: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime] = mapped_column(Instant)


class PendingReferral(TenantRow):
    """An inviter nobody knows yet: joined when that identity appears. One row for each thing the text may mean."""

    __tablename__ = "pending_referral"
    __table_args__ = (
        sa.UniqueConstraint(
            "tenant_id", "invitee_number", "kind", "app", "blind_index", name="uq_pending_referral_claim"
        ),
        sa.ForeignKeyConstraint(["tenant_id", "invitee_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_pending_referral_key", "tenant_id", "kind", "app", "blind_index"),
    )

    invitee_number: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    source: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime] = mapped_column(Instant)


class ReferralRefusal(TenantRow):
    """An inviter that was told and not taken, noted once; `inviter_number` is 0 where the text named nobody."""

    __tablename__ = "referral_refusal"
    __table_args__ = (
        sa.UniqueConstraint(
            "tenant_id", "invitee_number", "inviter_number", "reason", name="uq_referral_refusal_claim"
        ),
        sa.ForeignKeyConstraint(["tenant_id", "invitee_number"], ["contact.tenant_id", "contact.number"]),
        sa.CheckConstraint("reason IN ('taken','self','circle','too_deep','unreadable')", name="reason"),
    )

    invitee_number: Mapped[int] = mapped_column(sa.Integer)
    inviter_number: Mapped[int] = mapped_column(sa.Integer, default=0)
    reason: Mapped[str] = mapped_column(sa.String(12))
    source: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
