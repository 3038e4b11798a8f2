"""Who comes through the gate: sessions, keys, cookies, and what stops each of them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core import clock
from core.access import tokens
from core.access.models import ApiKey, LoginSession, Membership, User
from core.access.roles import Role
from core.db import platform_reading, platform_writing
from core.tenants.models import Tenant
from tests.core.access.conftest import As
from tests.factories.access import SignedClient, begin_session, json_of, make_key, make_person


def test_session_token_opens_me(signed_in: As, owner: User) -> None:
    answer = signed_in(owner).get("/v1/me")
    assert answer.status_code == 200
    assert json_of(answer)["user"]["email"] == owner.email


@pytest.mark.parametrize("token", ["wrong", "", "siyu_abc", "siyu_" + "a" * 12 + "_" + "b" * 43, "é", "x" * 5000])
def test_wrong_token_is_turned_away(gated: OpenAPI, token: str) -> None:
    assert SignedClient(gated, token).get("/v1/me").status_code == 401


def test_nobody_is_turned_away(anonymous: SignedClient) -> None:
    answer = anonymous.get("/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_idle_session_ends(gated: OpenAPI, owner: User) -> None:
    client = SignedClient(gated, begin_session(owner))
    with clock.set_to(clock.now() + tokens.IDLE):
        assert client.get("/v1/me").status_code == 401


def test_used_session_lives_on(gated: OpenAPI, owner: User) -> None:
    client = SignedClient(gated, begin_session(owner))
    start = clock.now()
    for minutes in (20, 40, 60):
        with clock.set_to(start + timedelta(minutes=minutes)):
            assert client.get("/v1/me").status_code == 200


def test_session_ends_after_twelve_hours(gated: OpenAPI, owner: User) -> None:
    client = SignedClient(gated, begin_session(owner))
    start = clock.now()
    answers = []
    for minutes in range(20, 13 * 60, 20):
        with clock.set_to(start + timedelta(minutes=minutes)):
            answers.append(client.get("/v1/me").status_code)
    assert answers[34] == 200
    assert answers[35] == 401


def test_token_is_not_stored(owner: User) -> None:
    token = begin_session(owner)
    with platform_reading() as session:
        digests = session.scalars(sa.select(LoginSession.token_digest)).all()
    assert all(token.encode() not in digest and len(digest) == 32 for digest in digests)


def test_disabled_person_is_out_at_once(gated: OpenAPI, owner: User) -> None:
    session_client = SignedClient(gated, begin_session(owner))
    key_client = SignedClient(gated, make_key(owner, "tenants:read"))
    assert (session_client.get("/v1/me").status_code, key_client.get("/v1/me").status_code) == (200, 200)
    with platform_writing() as session:
        session.execute(sa.update(User).values(disabled_at=clock.now()))
    assert (session_client.get("/v1/me").status_code, key_client.get("/v1/me").status_code) == (401, 401)


def test_key_works_within_its_scopes(gated: OpenAPI, owner: User, tenant: Tenant) -> None:
    client = SignedClient(gated, make_key(owner, "tenants:read", tenant=tenant))
    assert client.get("/v1/tenants").status_code == 200
    assert client.get("/v1/people").status_code == 403


def test_expired_or_revoked_key_stops(gated: OpenAPI, owner: User) -> None:
    client = SignedClient(gated, make_key(owner, "tenants:read", expires_at=clock.now() + timedelta(days=1)))
    with clock.set_to(clock.now() + timedelta(days=1)):
        assert client.get("/v1/me").status_code == 401
    assert client.get("/v1/me").status_code == 200
    with platform_writing() as session:
        session.execute(sa.update(ApiKey).values(revoked_at=clock.now()))
    assert client.get("/v1/me").status_code == 401


def test_key_shrinks_with_its_maker(gated: OpenAPI, owner: User, tenant: Tenant) -> None:
    client = SignedClient(gated, make_key(owner, "people:read", tenant=tenant))
    assert client.get("/v1/people").status_code == 200
    with platform_writing() as session:
        mine = sa.update(Membership).where(Membership.user_id == owner.id)
        session.execute(mine.values(role=Role.BRAND_VIEWER, tenant_number=tenant.number))
    assert client.get("/v1/people").status_code == 403


def test_use_of_key_is_noted(gated: OpenAPI, owner: User) -> None:
    SignedClient(gated, make_key(owner, "tenants:read")).get("/v1/me")
    with platform_reading() as session:
        assert session.scalars(sa.select(ApiKey.last_used_at)).one() is not None


def test_foreign_tenant_answers_like_absent(signed_in: As, other_tenant: Tenant) -> None:
    client = signed_in(Role.AGENCY_OWNER)
    foreign = client.get(f"/v1/tenants/{other_tenant.id}/jobs")
    absent = client.get("/v1/tenants/0198c0de-0000-7000-8000-000000000000/jobs")
    assert foreign.status_code == absent.status_code == 404
    assert json_of(foreign) | {"request_id": ""} == json_of(absent) | {"request_id": ""}


def test_lacking_scope_is_forbidden(signed_in: As, tenant: Tenant) -> None:
    path = f"/v1/tenants/{tenant.id}"
    assert signed_in(Role.BRAND_VIEWER).patch(path, json={"name": "Mine now"}).status_code == 403


def test_cookie_reads_but_writes_only_from_here(gated: OpenAPI, tenant: Tenant) -> None:
    client = gated.test_client()
    client.set_cookie("siyu", begin_session(make_person(Role.AGENCY_OWNER, tenant)))
    path = f"/v1/tenants/{tenant.id}"
    assert client.get("/v1/me").status_code == 200
    for headers, status in (
        ({}, 403),
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8401", "Sec-Fetch-Site": "same-site"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ):
        assert client.patch(path, json={"name": "New"}, headers=headers).status_code == status, headers


def test_key_in_cookie_is_no_key(gated: OpenAPI, owner: User) -> None:
    client = gated.test_client()
    client.set_cookie("siyu", make_key(owner, "tenants:read"))
    assert client.get("/v1/me").status_code == 401


def test_admin_pages_may_call_across_ports(gated: OpenAPI) -> None:
    asked = {"Origin": "http://localhost:8401", "Access-Control-Request-Method": "POST"}
    allowed = gated.test_client().options("/v1/me", headers=asked)
    assert allowed.headers["Access-Control-Allow-Origin"] == "http://localhost:8401"
    refused = gated.test_client().options("/v1/me", headers={**asked, "Origin": "https://evil.test"})
    assert "Access-Control-Allow-Origin" not in refused.headers
