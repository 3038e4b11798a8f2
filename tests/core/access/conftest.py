"""The app with its real gate, and people of the tenant's agency who use it."""

from collections.abc import Callable

import pytest
from flask_openapi3 import OpenAPI

from core.access.models import User
from core.access.roles import Role
from core.app import create_app
from core.tenants.models import Tenant
from tests.factories.access import SignedClient, begin_session, make_person

As = Callable[[User | Role], SignedClient]


@pytest.fixture
def gated(tenant: Tenant) -> OpenAPI:
    app = create_app()
    app.testing = True
    return app


@pytest.fixture
def owner(tenant: Tenant) -> User:
    return make_person(Role.AGENCY_OWNER, tenant)


@pytest.fixture
def signed_in(gated: OpenAPI, tenant: Tenant) -> As:
    """`signed_in(user)`, or `signed_in(role)` for somebody new with the role, is a client with their session."""

    def sign_in(who: User | Role) -> SignedClient:
        user = make_person(who, tenant) if isinstance(who, Role) else who
        return SignedClient(gated, begin_session(user))

    return sign_in


@pytest.fixture
def anonymous(gated: OpenAPI) -> SignedClient:
    return SignedClient(gated, None)
