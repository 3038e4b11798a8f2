"""API keys over HTTP."""

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core.access.models import ApiKey
from core.access.roles import Role
from core.db import platform_reading
from core.tenants.models import Tenant
from tests.core.access.conftest import As
from tests.factories.access import SignedClient, json_of, make_sister


def test_secret_is_shown_once(signed_in: As, gated: OpenAPI, tenant: Tenant) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    body = {"name": "CRM", "tenant_id": str(tenant.id), "scopes": ["tenants:read"]}
    made = json_of(owner.post("/v1/keys", json=body))
    assert made["secret"].startswith(made["starts_with"])
    assert SignedClient(gated, made["secret"]).get("/v1/tenants").status_code == 200
    listed = owner.get("/v1/keys")
    assert made["secret"] not in listed.text
    assert json_of(listed)["items"][0]["state"] == "active"


def test_secret_is_not_stored(signed_in: As) -> None:
    made = json_of(signed_in(Role.AGENCY_OWNER).post("/v1/keys", json={"name": "k", "scopes": ["jobs:read"]}))
    secret = made["secret"].rsplit("_", 1)[1]
    with platform_reading() as session:
        digest = session.scalars(sa.select(ApiKey.secret_digest)).one()
    assert len(digest) == 32
    assert secret.encode() not in digest


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"scopes": ["tenants:write"]}, 403),
        ({"scopes": ["moon:read"]}, 422),
        ({"scopes": []}, 422),
        ({"tenant_id": None}, 403),
        ({"tenant_id": "0198c0de-0000-7000-8000-000000000000"}, 404),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"expires_at": "2099-01-01T00:00:00"}, 422),
        ({"expires_at": "99999-01-01T00:00:00Z"}, 422),
    ],
)
def test_manager_makes_no_wider_key(signed_in: As, tenant: Tenant, change: dict[str, object], status: int) -> None:
    body = {"name": "k", "tenant_id": str(tenant.id), "scopes": ["contacts:read"]}
    assert signed_in(Role.BRAND_MANAGER).post("/v1/keys", json=body | change).status_code == status


def test_key_makes_no_wider_key(signed_in: As, gated: OpenAPI, tenant: Tenant) -> None:
    body = {"name": "k", "tenant_id": str(tenant.id), "scopes": ["keys:write", "jobs:read"]}
    made = json_of(signed_in(Role.AGENCY_OWNER).post("/v1/keys", json=body))
    program = SignedClient(gated, made["secret"])
    assert program.post("/v1/keys", json=body | {"scopes": ["contacts:read"]}).status_code == 403
    assert program.post("/v1/keys", json=body | {"tenant_id": None}).status_code == 403
    assert program.post("/v1/keys", json=body | {"scopes": ["jobs:read"]}).status_code == 201


def test_revoked_key_stays_listed(signed_in: As, gated: OpenAPI) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    made = json_of(owner.post("/v1/keys", json={"name": "k", "scopes": ["tenants:read"]}))
    assert [owner.delete(f"/v1/keys/{made['id']}").status_code for _ in range(2)] == [204, 204]
    assert SignedClient(gated, made["secret"]).get("/v1/tenants").status_code == 401
    assert json_of(owner.get("/v1/keys"))["items"][0]["state"] == "revoked"


def test_manager_sees_keys_of_own_brand(signed_in: As, tenant: Tenant) -> None:
    owner, manager = signed_in(Role.AGENCY_OWNER), signed_in(Role.BRAND_MANAGER)
    sister = make_sister(tenant)
    body = {"name": "k", "scopes": ["jobs:read"]}
    ids = [
        json_of(owner.post("/v1/keys", json=body | {"tenant_id": place}))["id"]
        for place in (str(tenant.id), str(sister.id), None)
    ]
    assert [key["id"] for key in json_of(manager.get("/v1/keys"))["items"]] == ids[:1]
    assert [manager.delete(f"/v1/keys/{each}").status_code for each in ids] == [204, 404, 404]
