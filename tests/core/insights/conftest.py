"""Insights are asked of a brand in a zone whose clocks change."""

import pytest
from flask_openapi3 import OpenAPI

from core.db import Database
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.insights.made_market import ZONE, Facts, make_market
from tests.factories.tenants import make_tenant


@pytest.fixture
def berlin(db: Database) -> Tenant:
    return make_tenant(name="Berlin", timezone=ZONE)


@pytest.fixture
def shop(app: OpenAPI, berlin: Tenant) -> RoleClient:
    return RoleClient(app, berlin)


@pytest.fixture
def market(berlin: Tenant) -> Facts:
    """The brand full of facts."""
    return make_market(berlin)
