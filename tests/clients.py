"""How tests call the API: a gate that opens for everybody, and a client that knows its tenant."""

import uuid
from functools import cache
from typing import Any

from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from core.app import create_app
from core.db import parse_id, platform_reading
from core.tenants.models import Tenant
from core.tenants.service import tenant_by_public_id
from core.web import Principal
from core.web.gate import LABEL

SOMEBODY = Principal(kind="user", id=uuid.UUID(int=1), agency_id=uuid.UUID(int=2), name="Somebody")


class OpenGate:
    """Everybody is somebody with every scope on every tenant there is."""

    def identify(self) -> Principal:
        return SOMEBODY

    def enter(self, who: Principal, tenant: str) -> tuple[int, frozenset[str]]:
        with platform_reading() as session:
            return tenant_by_public_id(session, parse_id(tenant)).number, every_scope()

    def agency_scopes(self, who: Principal) -> frozenset[str]:
        return every_scope()


@cache
def every_scope() -> frozenset[str]:
    app = create_app()
    labels = (getattr(view, LABEL, None) for view in app.view_functions.values())
    return frozenset(label for label in labels if label is not None)


class RoleClient:
    """Calls routes of one tenant: `client.get("/placements")` asks /v1/tenants/<id>/placements."""

    def __init__(self, app: OpenAPI, tenant: Tenant) -> None:
        self.raw = app.test_client()
        self.tenant = tenant

    def path(self, path: str) -> str:
        own = ("/v1/", "/t/", "/c/", "/l/", "/r/", "/hooks/")
        return path if path.startswith(own) else f"/v1/tenants/{self.tenant.id}{path}"

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.raw.get(self.path(path), **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.raw.post(self.path(path), **options)

    def put(self, path: str, **options: Any) -> TestResponse:
        return self.raw.put(self.path(path), **options)

    def patch(self, path: str, **options: Any) -> TestResponse:
        return self.raw.patch(self.path(path), **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.raw.delete(self.path(path), **options)
