"""All brands of an agency in one table, for those who may see them."""

from collections.abc import Callable

import pytest
from flask_openapi3 import OpenAPI

from core.access.models import User
from core.access.roles import Role
from core.app import create_app
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.core.attribution.made_orders import make_brand
from tests.factories.access import SignedClient, begin_session, make_person

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
