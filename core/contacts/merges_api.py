"""Merges over HTTP: the list, above all what waits for a decision; undo, approve, reject."""

from collections.abc import Callable
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core.audit.actors import actor_now
from core.audit.service import record as note
from core.contacts import service
from core.contacts.lookup import public_ids
from core.contacts.masking import mask
from core.contacts.merging import merges_about
from core.contacts.models import MergeLog
from core.contacts.opening import own_identities
from core.contacts.shapes import IdentityShown, MergePath, MergeShown, MergesQuery, show_merge
from core.db import parse_id, reading, writing
from core.web import TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("merges", __name__, url_prefix="/v1/tenants/<tenant>/merges")

Deed = Callable[..., MergeLog]


def show_merges(session: Session, merges: list[tuple[MergeLog, str]]) -> list[MergeShown]:
    """Merges with the masked identities that each side had of its own."""
    numbers = {number for entry, _ in merges for number in (entry.winner, entry.loser)}
    named = {
        number: [IdentityShown(kind=one.kind, app=one.app or None, masked=mask(one)) for one in found]
        for number, found in own_identities(session, numbers).items()
    }
    ids = public_ids(session, numbers)
    return [show_merge(entry, state, ids=ids, identities=named) for entry, state in merges]


@api.get("")
@needs("contacts:read")
def list_merges(path: TenantPath, query: MergesQuery) -> Response:
    """Merges, newest first; `state=parked` is what waits for a decision."""
    after = query.after()
    with reading(bound_tenant()) as session:
        before = str(parse_id(after)) if after is not None else None
        rows = service.list_merges(session, state=query.state, before=before, limit=query.limit + 1)
        shown = {merge.id: merge for merge in show_merges(session, rows[: query.limit])}
        return answer(page_of(rows, query, lambda row: row[0].id, lambda row: shown[str(row[0].id)]))


@api.post("/<merge>/undo")
@needs("contacts:write")
def undo_merge(path: MergePath) -> Response:
    """Part two contacts again; they stay apart afterwards."""
    return _decide(path, service.undo_merge, "merge.undone")


@api.post("/<merge>/approve")
@needs("contacts:write")
def approve_merge(path: MergePath) -> Response:
    """Carry out a parked merge."""
    return _decide(path, service.approve, "merge.approved")


@api.post("/<merge>/reject")
@needs("contacts:write")
def reject_merge(path: MergePath) -> Response:
    """Keep the two contacts of a parked merge apart for good."""
    return _decide(path, service.reject, "merge.rejected")


def _decide(path: MergePath, deed: Deed, action: str) -> Response:
    merge_id: UUID = parse_id(path.merge)
    with writing(bound_tenant()) as session:
        deed(session, merge_id, actor=actor_now().name)
        note(session, action, f"merge:{merge_id}")
        return answer(show_merges(session, merges_about(session, merge_id))[0])
