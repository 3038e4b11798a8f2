"""The audit log: who did what, when. Append-only, one hash chain an agency."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.audit.chain import Entry, Sealed
from core.db import Id, Instant, PlatformRow


class AuditEntry(PlatformRow):
    """One deed. `detail` is JSON text as it was hashed; it holds ids and settings' names, never secrets."""

    __tablename__ = "audit_log"
    __table_args__ = (sa.UniqueConstraint("agency_id", "seq"), {"info": {"append_only": True}})

    agency_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("agency.id"))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    tenant_number: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.number"), index=True)
    actor: Mapped[str] = mapped_column(sa.String(60))
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(120))
    detail: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(Instant)
    request_id: Mapped[str] = mapped_column(sa.String(40))
    before: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))

    def sealed(self) -> Sealed:
        """The entry as the chain sees it."""
        entry = Entry(
            agency_id=str(self.agency_id),
            seq=self.seq,
            tenant_id=self.tenant_number,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            detail=self.detail,
            at=self.at,
            request_id=self.request_id,
        )
        return Sealed(entry, before=self.before, hash=self.hash)


class AuditHead(PlatformRow):
    """Where an agency's chain ends; its row is the lock that puts entries in order. Its id is the agency's."""

    __tablename__ = "audit_head"

    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
