"""API keys over HTTP: the secret is in the answer of the POST and nowhere else."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from core.access import api_keys
from core.access.callers import tenant_seen
from core.access.gate import caller
from core.access.shown import KeyShown, show_keys
from core.db import parse_id, platform_reading, platform_writing
from core.web import Body, PageQuery, answer, needs, page_of

api = APIBlueprint("keys", __name__, url_prefix="/v1/keys")


class NewKey(Body):
    """A key to make; without `tenant_id` it is for every brand of the agency."""

    name: str = Field(min_length=1, max_length=120)
    tenant_id: str | None = Field(None, max_length=64)
    scopes: list[str] = Field(min_length=1, max_length=60)
    expires_at: AwareDatetime | None = None


class KeyMade(KeyShown):
    """The key with its secret, shown once."""

    secret: str


class KeyPath(BaseModel):
    """One key."""

    key: str = Field(max_length=64)


@api.get("")
@needs("keys:read")
def list_keys(query: PageQuery) -> Response:
    """The keys of the places where the caller may see keys."""
    who, after = caller(), query.after()
    with platform_reading() as session:
        last = parse_id(after) if after else None
        rows = api_keys.keys_seen(session, caller=who, after=last, limit=query.limit + 1)
        shown = {key.id: key for key in show_keys(session, rows)}
    return answer(page_of(rows, query, key=lambda row: row.id, show=lambda row: shown[str(row.id)]))


@api.post("")
@needs("keys:write")
def create(body: NewKey) -> Response:
    """Make a key with scopes no wider than one's own."""
    who = caller()
    ends: datetime | None = body.expires_at
    with platform_writing() as session:
        place = tenant_seen(session, who, parse_id(body.tenant_id)).number if body.tenant_id else None
        key, text = api_keys.create_key(
            session, maker=who, name=body.name, scopes=frozenset(body.scopes), tenant_number=place, expires_at=ends
        )
        (shown,) = show_keys(session, [key])
    return answer(KeyMade(**shown.model_dump(), secret=text), 201)


@api.delete("/<key>")
@needs("keys:write")
def revoke(path: KeyPath) -> Response:
    """Stop a key for good."""
    with platform_writing() as session:
        api_keys.revoke_key(session, parse_id(path.key), caller=caller())
    return answer()
