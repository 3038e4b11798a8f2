"""Brands over HTTP, and the log of what was done to them."""

import pytest

from core.access.roles import ALL_SCOPES, Role, scopes_of
from core.tenants.models import Tenant
from tests.core.access.conftest import As
from tests.factories.access import json_of, make_sister


def test_owner_opens_a_brand(signed_in: As) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    made = owner.post("/v1/tenants", json={"name": "茶语", "timezone": "Asia/Shanghai", "currency": "CNY"})
    assert made.status_code == 201
    assert [brand["name"] for brand in json_of(owner.get("/v1/tenants"))["items"]] == ["Mine", "茶语"]
    entry = json_of(owner.get("/v1/audit"))["items"][0]
    assert (entry["action"], entry["actor_name"]) == ("tenant.created", json_of(owner.get("/v1/me"))["user"]["name"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Mine"}, 409),
        ({"name": ""}, 422),
        ({"name": "A", "timezone": "Mars/Olympus"}, 422),
        ({"name": "A", "currency": "XXX"}, 422),
        ({"name": "A", "agency_id": "1"}, 422),
    ],
)
def test_unfit_brand_is_refused(signed_in: As, body: dict[str, str], status: int) -> None:
    assert signed_in(Role.AGENCY_OWNER).post("/v1/tenants", json=body).status_code == status


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AGENCY_OWNER])
def test_others_open_no_brand(signed_in: As, role: Role) -> None:
    assert signed_in(role).post("/v1/tenants", json={"name": "A"}).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_own_scopes(signed_in: As, tenant: Tenant, role: Role) -> None:
    me = json_of(signed_in(role).get("/v1/me"))
    assert me["role"] == (role if role.is_of_agency else None)
    (brand,) = me["tenants"]
    assert (brand["id"], brand["role"], brand["currency"]) == (str(tenant.id), role, "CNY")
    assert frozenset(brand["scopes"]) == scopes_of(role)


def test_rename_is_written_down(signed_in: As, tenant: Tenant) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    assert json_of(owner.patch(f"/v1/tenants/{tenant.id}", json={"name": "Ours"}))["name"] == "Ours"
    entry = json_of(owner.get(f"/v1/audit?tenant_id={tenant.id}"))["items"][0]
    assert (entry["action"], entry["detail"]) == ("tenant.renamed", {"from": "Mine", "to": "Ours"})


def test_log_is_narrowed_to_own_brand(signed_in: As, tenant: Tenant) -> None:
    owner, manager = signed_in(Role.AGENCY_OWNER), signed_in(Role.BRAND_MANAGER)
    sister = make_sister(tenant)
    for brand in (tenant, sister):
        owner.patch(f"/v1/tenants/{brand.id}", json={"name": f"{brand.name} 2"})
    seen = json_of(manager.get("/v1/audit"))["items"]
    assert {entry["tenant_id"] for entry in seen} == {str(tenant.id)}
    assert manager.get(f"/v1/audit?tenant_id={sister.id}").status_code == 404
    assert signed_in(Role.BRAND_VIEWER).get("/v1/audit").status_code == 403


@pytest.mark.parametrize("cursor", ["x", "5Lit", "LTE=", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ=="])
def test_bad_cursor_of_log_is_named(signed_in: As, cursor: str) -> None:
    assert signed_in(Role.AGENCY_OWNER).get(f"/v1/audit?cursor={cursor}").status_code == 422


def test_owner_scopes_are_everything(signed_in: As) -> None:
    (brand,) = json_of(signed_in(Role.AGENCY_OWNER).get("/v1/tenants"))["items"]
    assert frozenset(brand["scopes"]) == ALL_SCOPES
