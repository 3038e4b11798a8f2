"""Writing the audit log in the transaction of the deed, reading it, and proving it was not changed."""

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.audit.actors import actor_now
from core.audit.chain import START, detail_text, first_break, link
from core.audit.models import AuditEntry, AuditHead
from core.db import Id, insert_new
from core.db.doors import BoundSession
from core.logs import request_id


def record(
    session: Session,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
    *,
    agency_id: uuid.UUID | None = None,
    tenant_number: int | None = None,
) -> AuditEntry:
    """Write down a deed, in the same transaction as the deed itself.

    Args:
        action: what was done, noun and verb: `placement.created`.
        subject: what it was done to: `placement:<id>`.
        detail: JSON values; ids, names of fields, amounts. Neither secrets nor customers' personal data.
        agency_id: whose log; by default that of the session's tenant, else of the actor.
        tenant_number: the brand concerned; by default the session's.
    """
    actor = actor_now()
    tenant = tenant_number if tenant_number is not None else _tenant_bound(session)
    agency = agency_id or (_agency_of(session, tenant) if tenant is not None else actor.agency_id)
    if agency is None:
        raise ValueError(f"{action}: an audit entry belongs to an agency; pass agency_id.")
    head = _locked_head(session, agency)
    entry = AuditEntry(
        agency_id=agency,
        seq=head.seq + 1,
        tenant_number=tenant,
        actor=actor.name,
        action=action,
        subject=subject,
        detail=detail_text(detail or {}),
        at=clock.now(),
        request_id=request_id.get(),
        before=head.hash,
        hash=START,
    )
    entry.hash = link(head.hash, entry.sealed().entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.flush()
    return entry


def count_deeds(session: Session, action: str, subject: str, *, since: datetime) -> int:
    """How often the session's brand did this to this, since an instant."""
    query = sa.select(sa.func.count()).select_from(AuditEntry)
    mine = AuditEntry.tenant_number == _tenant_bound(session)
    found = session.scalar(
        query.where(mine, AuditEntry.action == action, AuditEntry.subject == subject, AuditEntry.at >= since)
    )
    return found or 0


def entries_of(
    session: Session, agency_id: uuid.UUID, *, tenants: frozenset[int] | None, before_seq: int | None, limit: int
) -> list[AuditEntry]:
    """The agency's log, newest first; `tenants` narrows it to these brands (None: everything)."""
    query = sa.select(AuditEntry).where(AuditEntry.agency_id == agency_id)
    if tenants is not None:
        query = query.where(AuditEntry.tenant_number.in_(tenants))
    if before_seq is not None:
        query = query.where(AuditEntry.seq < before_seq)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)))


def broken_at(session: Session, agency_id: uuid.UUID) -> int | None:
    """The number of the first entry that is not as it was written; None when the whole chain holds."""
    query = sa.select(AuditEntry).where(AuditEntry.agency_id == agency_id).order_by(AuditEntry.seq)
    rows = session.scalars(query).all()
    broken = first_break(row.sealed() for row in rows)
    if broken is not None:
        return broken
    head = session.get(AuditHead, agency_id)
    end = (head.seq, head.hash) if head else (0, START)
    last = (rows[-1].seq, rows[-1].hash) if rows else (0, START)
    return None if end == last else last[0] + 1


def _tenant_bound(session: Session) -> int | None:
    return session.tenant or None if isinstance(session, BoundSession) else None


def _agency_of(session: Session, tenant: int) -> uuid.UUID | None:
    # The slice of tenants stands above this one, so its table is read by name.
    query = sa.text("SELECT agency_id FROM tenant WHERE number = :number").columns(sa.column("agency_id", Id))
    agency: uuid.UUID | None = session.scalar(query, {"number": tenant})
    return agency


def _locked_head(session: Session, agency: uuid.UUID) -> AuditHead:
    query = sa.select(AuditHead).where(AuditHead.id == agency).with_for_update()
    head = session.scalar(query)
    if head is None:
        insert_new(session, AuditHead, [{"id": agency, "seq": 0, "hash": START}], conflict=["id"])
        head = session.scalars(query).one()
    return head
