"""The audit log over HTTP. It stands here, not in audit, because roles decide whose deeds one may read."""

import json
import uuid
from datetime import datetime

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.access.callers import tenant_seen
from core.access.gate import caller
from core.access.models import ApiKey, User
from core.audit.models import AuditEntry
from core.audit.service import entries_of
from core.db import parse_id, platform_reading
from core.errors import FieldError, Forbidden, Invalid
from core.tenants.models import Tenant
from core.web import PageQuery, answer, needs, page_of

api = APIBlueprint("audit", __name__, url_prefix="/v1/audit")


class AuditQuery(PageQuery):
    """The log of one brand, or of everything the caller may read."""

    tenant_id: str | None = Field(None, max_length=64)


class AuditShown(BaseModel):
    """One deed."""

    id: str
    seq: int
    tenant_id: str | None
    actor: str
    actor_name: str | None
    action: str
    subject: str
    detail: dict[str, object]
    at: datetime
    request_id: str


@api.get("")
@needs("audit:read")
def list_entries(query: AuditQuery) -> Response:
    """Who did what, newest first."""
    who, before = caller(), _seq(query.after())
    with platform_reading() as session:
        numbers = who.reach.tenants_with("audit:read")
        if query.tenant_id:
            tenant = tenant_seen(session, who, parse_id(query.tenant_id))
            if "audit:read" not in who.reach.on(tenant.number, tenant.agency_id):
                raise Forbidden("You may not read the log of this brand.")
            numbers = frozenset({tenant.number})
        rows = entries_of(session, who.agency_id, tenants=numbers, before_seq=before, limit=query.limit + 1)
        found = sa.select(Tenant.number, Tenant.id).where(Tenant.number.in_({row.tenant_number for row in rows}))
        ids = {number: str(public) for number, public in session.execute(found)}
        names = _names(session, who.agency_id, {row.actor for row in rows})
    return answer(page_of(rows, query, key=lambda row: row.seq, show=lambda row: _show(row, ids, names)))


def _names(session: Session, agency_id: uuid.UUID, actors: set[str]) -> dict[str, str]:
    """What the people and keys among these actors are called."""
    found: dict[str, str] = {}
    for kind, model in (("user", User), ("key", ApiKey)):
        ids = [parse_id(actor.partition(":")[2]) for actor in actors if actor.startswith(f"{kind}:")]
        query = sa.select(model.id, model.name).where(model.agency_id == agency_id, model.id.in_(ids))
        found |= {f"{kind}:{row_id}": name for row_id, name in session.execute(query)}
    return found


def _show(row: AuditEntry, tenant_ids: dict[int, str], names: dict[str, str]) -> AuditShown:
    return AuditShown(
        id=str(row.id),
        seq=row.seq,
        tenant_id=None if row.tenant_number is None else tenant_ids[row.tenant_number],
        actor=row.actor,
        actor_name=names.get(row.actor),
        action=row.action,
        subject=row.subject,
        detail=json.loads(row.detail),
        at=row.at,
        request_id=row.request_id,
    )


def _seq(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(fields=[FieldError("cursor", "malformed", "Use `next` of the last answer.")])
    return int(text)
