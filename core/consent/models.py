"""Consent as a ledger (append-only, each entry chained to the one before) and addresses that nobody may write to."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.consent.rules import LedgerLine
from core.db import Instant, TenantRow


class ConsentEntry(TenantRow):
    """A contact said yes or no to messages of a purpose by a medium; `*` stands for all of them."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "seq"),
        sa.ForeignKeyConstraint(["tenant_id", "contact_number"], ["contact.tenant_id", "contact.number"]),
        sa.Index("ix_consent_contact", "tenant_id", "contact_number"),
        {"info": {"append_only": True}},
    )

    seq: Mapped[int] = mapped_column(sa.BigInteger)
    contact_number: Mapped[int] = mapped_column(sa.Integer)
    purpose: Mapped[str] = mapped_column(sa.String(40))
    medium: Mapped[str] = mapped_column(sa.String(40))
    granted: Mapped[bool] = mapped_column(sa.Boolean)
    wording: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.String(120))
    evidence: Mapped[str] = mapped_column(sa.String(200))
    actor: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    before: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

    @property
    def line(self) -> LedgerLine:
        """What the hash covers."""
        return LedgerLine(
            tenant_id=self.tenant_id,
            seq=self.seq,
            contact_number=self.contact_number,
            purpose=self.purpose,
            medium=self.medium,
            granted=self.granted,
            wording=self.wording,
            source=self.source,
            evidence=self.evidence,
            actor=self.actor,
            at=self.at,
            recorded_at=self.recorded_at,
        )


class Suppression(TenantRow):
    """An address that gets nothing, whoever holds it, now or later; known by its blind index only."""

    __tablename__ = "suppression"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "kind", "app", "blind_index"),)

    kind: Mapped[str] = mapped_column(sa.String(24))
    app: Mapped[str] = mapped_column(sa.String(256), default="")
    blind_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    reason: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
