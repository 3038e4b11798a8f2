"""The ignore list over HTTP: values that many share are added and counted; being sealed, they are not listed."""

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import Field

from core.audit.service import record as note
from core.contacts.identities import IdentityClaim
from core.contacts.ignoring import count_ignored, ignore
from core.db import reading, writing
from core.web import Body, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("ignored_identities", __name__, url_prefix="/v1/tenants/<tenant>/ignored-identities")


class SharedValue(Body):
    """A value that names nobody, such as the shop's own phone number."""

    kind: str = Field(min_length=1, max_length=24)
    value: str = Field(min_length=1, max_length=256)
    app: str | None = Field(None, max_length=256)


@api.get("")
@needs("contacts:read")
def count_shared_values(path: TenantPath) -> Response:
    """How many values the brand ignores."""
    with reading(bound_tenant()) as session:
        return answer({"count": count_ignored(session)})


@api.post("")
@needs("contacts:write")
def add_shared_value(path: TenantPath, body: SharedValue) -> Response:
    """From now on this value joins nobody; what it joined before stays and can be undone."""
    with writing(bound_tenant()) as session:
        ignore(session, IdentityClaim(body.kind, body.value, body.app))
        note(session, "identity.ignored", f"identity:{body.kind}")
        return answer()
