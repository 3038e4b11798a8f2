"""What a model gives to the channels of each brand, for those who may see them."""

from collections.abc import Callable

import pytest
from flask_openapi3 import OpenAPI

from core.access.roles import Role
from core.app import create_app
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from core.tenants.opening import open_tenant
from tests.core.attribution.made_orders import make_brand
from tests.factories.access import SignedClient, begin_session, json_of, make_person

PATH = "/v1/agency/attribution"


@pytest.fixture
def signed_in(tenant: Tenant) -> Callable[[Role], SignedClient]:
    gated: OpenAPI = create_app()
    gated.testing = True
    return lambda role: SignedClient(gated, begin_session(make_person(role, tenant)))


def test_row_equals_the_brands_own_run(tenant: Tenant, signed_in: Callable[[Role], SignedClient]) -> None:
    open_tenant(agency_id=tenant.agency_id, name="New")
    make_brand(tenant)
    run_pending()
    client = signed_in(Role.AGENCY_OWNER)
    mine, new = json_of(client.get(PATH, query_string={"days": "all", "model": "markov"}))["items"]
    credits = json_of(client.get(f"/v1/tenants/{tenant.id}/attribution/credits", query_string={"run": mine["run"]}))
    told = {row["key"]: row["value"] for row in credits["rows"] if row["model"] == "markov" and row["key"]}
    assert {one["key"]: one["value"] for one in mine["channels"]} == pytest.approx(told)
    assert mine["orders"] > 0
    assert sum(one["value"] for one in mine["channels"]) + mine["unattributed_value"] == pytest.approx(mine["value"])
    week = json_of(client.get(PATH, query_string={"days": "7", "model": "markov"}))["items"][0]
    assert week["run"] not in (None, mine["run"])
    assert (new["run"], new["channels"], new["orders"]) == (None, [], 0)


def test_other_agency_stays_unseen(
    tenant: Tenant, other_tenant: Tenant, signed_in: Callable[[Role], SignedClient]
) -> None:
    for brand in (tenant, other_tenant):
        make_brand(brand, touches=40)
    run_pending()
    for role in (Role.AGENCY_OWNER, Role.BRAND_VIEWER):
        found = json_of(signed_in(role).get(PATH, query_string={"days": "all"}))["items"]
        assert [row["name"] for row in found] == ["Mine"]


def test_unknown_model_has_no_rows(tenant: Tenant, signed_in: Callable[[Role], SignedClient]) -> None:
    make_brand(tenant, touches=40)
    run_pending()
    (row,) = json_of(signed_in(Role.AGENCY_OWNER).get(PATH, query_string={"days": "all", "model": "magic"}))["items"]
    assert row["channels"] == []
    assert signed_in(Role.AGENCY_OWNER).get(PATH, query_string={"days": "5"}).status_code == 422
