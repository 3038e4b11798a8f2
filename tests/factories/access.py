"""People, sessions and keys for tests, by the services; and a client that signs its requests."""

import itertools
import uuid
from datetime import datetime
from typing import Any

from flask_openapi3 import OpenAPI
from werkzeug.test import TestResponse

from core import audit
from core.access import api_keys, passwords, sessions
from core.access.callers import Caller, caller_of_session
from core.access.models import Membership, User
from core.access.roles import Role
from core.db import platform_reading, platform_writing
from core.tenants.models import Agency, Tenant
from core.tenants.opening import open_tenant

PASSWORD = "a pot of oolong at nine"
_counter = itertools.count(1)


def make_sister(tenant: Tenant, name: str = "Sister") -> Tenant:
    """Another brand of the same agency."""
    return open_tenant(agency_id=tenant.agency_id, name=name)


def make_user(
    role: Role | None = Role.AGENCY_OWNER,
    *,
    agency: Agency | uuid.UUID,
    tenant: Tenant | None = None,
    email: str | None = None,
    name: str = "Lin Mei",
    password: str | None = None,
) -> User:
    agency_id = agency if isinstance(agency, uuid.UUID) else agency.id
    hashed = passwords.hash_password(password) if password else None
    with platform_writing() as session:
        user = User(
            agency_id=agency_id, email=email or f"p{next(_counter)}@agency.test", name=name, password_hash=hashed
        )
        session.add(user)
        session.flush()
        if role is not None:
            number = tenant.number if tenant else None
            session.add(Membership(user_id=user.id, tenant_number=number, role=role))
    return user


def make_person(role: Role, tenant: Tenant) -> User:
    """Somebody with this role on the tenant, or on its agency where the role is of one."""
    return make_user(role, agency=tenant.agency_id, tenant=None if role.is_of_agency else tenant)


def begin_session(user: User) -> str:
    with platform_writing() as session:
        return sessions.begin(session, session.merge(user))


def caller_for(user: User) -> Caller:
    token = begin_session(user)
    with platform_reading() as session:
        caller = caller_of_session(session, token)
    assert caller is not None
    return caller


def make_key(
    maker: User,
    *scopes: str,
    tenant: Tenant | None = None,
    expires_at: datetime | None = None,
) -> str:
    who = caller_for(maker)
    with platform_writing() as session, audit.acting_as(audit.Actor("test", who.agency_id)):
        _, text = api_keys.create_key(
            session,
            maker=who,
            name="Key",
            scopes=frozenset(scopes),
            tenant_number=tenant.number if tenant else None,
            expires_at=expires_at,
        )
    return text


def json_of(answer: TestResponse) -> Any:
    """The parsed body of an answer that has one."""
    assert answer.is_json, answer.text
    return answer.json


class SignedClient:
    """Sends every request with one bearer token (or, with None, without)."""

    def __init__(self, app: OpenAPI, token: str | None) -> None:
        self.raw = app.test_client()
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        options["headers"] = {**self.headers, **options.get("headers", {})}
        return self.raw.open(path, method=method, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.open("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.open("POST", path, **options)

    def patch(self, path: str, **options: Any) -> TestResponse:
        return self.open("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.open("DELETE", path, **options)
