"""Consent over HTTP: what a contact said, a new statement, addresses that get nothing, the ledger's proof."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.audit.service import record as note
from core.consent import service
from core.consent.models import ConsentEntry
from core.contacts.sections import shows_contacts
from core.contacts.service import family, find_contact
from core.db import reading, writing
from core.web import Body, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("consent", __name__, url_prefix="/v1/tenants/<tenant>")

Medium = Literal["sms", "call", "email", "wecom", "wechat", "*"]


class SubjectPath(TenantPath):
    """One contact of a tenant."""

    contact: str = Field(max_length=64)


class Said(Body):
    """What a contact said to us, and where (a call, a form at the counter)."""

    granted: bool
    purpose: Literal["marketing", "notice", "*"] = "marketing"
    medium: Medium
    source: str = Field(min_length=1, max_length=120)
    wording: str = Field("", max_length=10_000)


class Silenced(Body):
    """An address that is to get nothing any more."""

    kind: Literal["phone", "email", "wecom_external_id", "openid"]
    value: str = Field(min_length=1, max_length=256)
    app: str | None = Field(None, max_length=256)
    reason: str = Field("asked", min_length=1, max_length=120)


class Released(Body):
    """An address whose owner wants to hear from the brand again."""

    kind: Literal["phone", "email", "wecom_external_id", "openid"]
    value: str = Field(min_length=1, max_length=256)
    app: str | None = Field(None, max_length=256)


class ConsentShown(BaseModel):
    """One entry of the ledger."""

    purpose: str
    medium: str
    granted: bool
    wording: str
    source: str
    actor: str
    at: datetime


@api.get("/contacts/<contact>/consent")
@needs("contacts:read")
def list_consent(path: SubjectPath) -> Response:
    """What a person said, newest first."""
    with reading(bound_tenant()) as session:
        contact = find_contact(session, path.contact)
        return answer({"items": show_consent(session, family(session, [contact.number])), "next": None})


@api.post("/contacts/<contact>/consent")
@needs("contacts:write")
def note_consent(path: SubjectPath, body: Said) -> Response:
    """Write down what a person said."""
    with writing(bound_tenant()) as session:
        contact = find_contact(session, path.contact)
        if body.granted:
            service.grant(
                session,
                contact.number,
                purpose=body.purpose,
                medium=body.medium,
                source=body.source,
                wording=body.wording,
            )
        else:
            service.withdraw(session, contact.number, purpose=body.purpose, medium=body.medium, source=body.source)
        shown = show_consent(session, family(session, [contact.number]))
        return answer({"items": shown, "next": None}, status=201)


@api.post("/suppressions")
@needs("contacts:write")
def add_suppression(path: TenantPath, body: Silenced) -> Response:
    """Never write to this address again; only its blind index is kept."""
    with writing(bound_tenant()) as session:
        service.suppress(session, body.kind, body.value, app=body.app, reason=body.reason)
        note(session, "address.suppressed", f"identity:{body.kind}", {"reason": body.reason})
        return answer()


@api.post("/suppressions/release")
@needs("contacts:write")
def release_suppression(path: TenantPath, body: Released) -> Response:
    """Take an address off the list, because its owner asked for it. What the person refused stays in the ledger: write
    down their new yes, too."""
    with writing(bound_tenant()) as session:
        was_there = service.release(session, body.kind, body.value, app=body.app)
        if was_there:
            note(session, "address.released", f"identity:{body.kind}")
        return answer({"released": was_there})


@api.get("/consent/proof")
@needs("contacts:read")
def prove_ledger(path: TenantPath) -> Response:
    """Walk the ledger's chain; `first_broken` is null while nothing was changed."""
    with reading(bound_tenant()) as session:
        return answer({"first_broken": service.first_broken_entry(session)})


@shows_contacts("consent")
def show_consent(session: Session, numbers: Collection[int]) -> list[BaseModel]:
    """The consent entries on a contact's page."""
    return [_show(entry) for entry in service.consents_of(session, numbers)]


def _show(entry: ConsentEntry) -> ConsentShown:
    return ConsentShown(
        purpose=entry.purpose,
        medium=entry.medium,
        granted=entry.granted,
        wording=entry.wording,
        source=entry.source,
        actor=entry.actor,
        at=entry.at,
    )
