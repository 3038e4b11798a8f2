"""All brands of an agency in one table, for those who may see them."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core.access.models import User
from core.access.roles import Role
from core.app import create_app
from core.db import writing
from core.jobs.runner import run_pending
from core.placements.costs import add_cost
from core.placements.models import Placement
from core.tenants.models import Tenant
from core.tenants.opening import open_tenant
from tests.core.attribution.made_orders import make_brand
from tests.core.lake.made_facts import add_people
from tests.factories.access import SignedClient, begin_session, json_of, make_person

WINDOW = {"from": "2025-12-01", "to": "2026-06-01"}


@pytest.fixture
def signed_in(tenant: Tenant) -> Callable[[Role], SignedClient]:
    gated: OpenAPI = create_app()
    gated.testing = True

    def sign_in(role: Role) -> SignedClient:
        user: User = make_person(role, tenant)
        return SignedClient(gated, begin_session(user))

    return sign_in


def test_owner_sees_own_brands(tenant: Tenant, other_tenant: Tenant, signed_in: Callable[[Role], SignedClient]) -> None:
    make_brand(tenant, touches=40)
    make_brand(other_tenant, touches=30)
    run_pending()
    shown = signed_in(Role.AGENCY_OWNER).get("/v1/agency/overview", query_string=WINDOW).json
    assert shown is not None
    assert [(row["name"], row["touchpoints"]) for row in shown["items"]] == [("Mine", 40)]


def test_manager_sees_the_own_brand(tenant: Tenant, signed_in: Callable[[Role], SignedClient]) -> None:
    found = signed_in(Role.BRAND_MANAGER).get("/v1/agency/overview", query_string=WINDOW)
    assert found.status_code == 200
    assert found.json is not None
    assert [row["name"] for row in found.json["items"]] == ["Mine"]


def test_agency_row_equals_the_overview(tenant: Tenant, signed_in: Callable[[Role], SignedClient]) -> None:
    far = open_tenant(agency_id=tenant.agency_id, name="Far", timezone="America/New_York")
    never_counted = open_tenant(agency_id=tenant.agency_id, name="New")
    for brand, seed in ((tenant, 1), (far, 2)):
        make_brand(brand, seed=seed)
    run_pending()
    with writing(never_counted.number) as session:
        add_people(session, 3)
    with writing(far.number) as session:
        add_people(session, 2)
        placement = session.scalars(sa.select(Placement)).one()
        add_cost(session, placement, day=date(2026, 1, 2), amount_minor=7000)
    client = signed_in(Role.AGENCY_OWNER)
    for row in json_of(client.get("/v1/agency/overview", query_string=WINDOW))["items"]:
        tiles = json_of(client.get(f"/v1/tenants/{row['id']}/overview", query_string=WINDOW))["tiles"]
        assert {name: row[name] for name in tiles} == {name: tile["value"] for name, tile in tiles.items()}
        assert row["contacts"] == {"Mine": 31, "Far": 33, "New": 3}[row["name"]]
