"""People and roles over HTTP, and what it leaves in the audit log."""

import pytest

from core.access.models import User
from core.access.roles import Role
from core.tenants.models import Tenant
from tests.core.access.conftest import As
from tests.factories.access import PASSWORD, SignedClient, begin_session, json_of, make_person, make_sister, make_user


def actions(client: SignedClient) -> list[str]:
    return [entry["action"] for entry in json_of(client.get("/v1/audit"))["items"]]


def test_owner_adds_operator_of_brand(signed_in: As, tenant: Tenant) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    body = {"email": "Op@Agency.test", "name": "Op", "role": "brand_operator", "tenant_id": str(tenant.id)}
    person = json_of(owner.post("/v1/people", json=body))
    assert person["email"] == "op@agency.test"
    assert person["state"] == "invited"
    assert person["memberships"] == [{"tenant_id": str(tenant.id), "tenant_name": "Mine", "role": "brand_operator"}]
    assert actions(owner)[:2] == ["person.invited", "person.added"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"role": "agency_owner"}, 422),
        ({"tenant_id": None}, 422),
        ({"role": "king"}, 422),
        ({"email": "no address"}, 422),
        ({"name": ""}, 422),
        ({"tenant_id": "0198c0de-0000-7000-8000-000000000000"}, 404),
        ({"extra": 1}, 422),
    ],
)
def test_bad_person_is_refused(signed_in: As, tenant: Tenant, change: dict[str, object], status: int) -> None:
    body = {"email": "a@b.test", "name": "A", "role": "brand_viewer", "tenant_id": str(tenant.id)}
    assert signed_in(Role.AGENCY_OWNER).post("/v1/people", json=body | change).status_code == status


def test_same_role_place_twice_conflicts(signed_in: As, tenant: Tenant) -> None:
    owner = signed_in(Role.AGENCY_OWNER)
    body = {"email": "a@b.test", "name": "A", "role": "brand_viewer", "tenant_id": str(tenant.id)}
    assert [owner.post("/v1/people", json=body).status_code for _ in range(2)] == [201, 409]


def test_manager_manages_only_own_brand(signed_in: As, tenant: Tenant) -> None:
    manager = signed_in(Role.BRAND_MANAGER)
    sister = make_sister(tenant)
    body = {"email": "a@b.test", "name": "A", "role": "brand_viewer"}
    assert manager.post("/v1/people", json=body | {"tenant_id": str(tenant.id)}).status_code == 201
    assert manager.post("/v1/people", json=body | {"tenant_id": str(sister.id)}).status_code == 404
    assert manager.post("/v1/people", json=body | {"role": "agency_analyst"}).status_code == 403


def test_manager_sees_only_own_brand(signed_in: As, tenant: Tenant) -> None:
    sister = make_sister(tenant)
    stranger = make_person(Role.BRAND_VIEWER, sister)
    listed = json_of(signed_in(Role.BRAND_MANAGER).get("/v1/people"))["items"]
    assert str(stranger.id) not in [person["id"] for person in listed]
    assert len(json_of(signed_in(Role.AGENCY_OWNER).get("/v1/people"))["items"]) == 3


def test_changed_role_ends_sessions(signed_in: As, tenant: Tenant) -> None:
    viewer = make_person(Role.BRAND_VIEWER, tenant)
    theirs = signed_in(viewer)
    owner = signed_in(Role.AGENCY_OWNER)
    changed = owner.patch(f"/v1/people/{viewer.id}", json={"role": "brand_operator"})
    assert json_of(changed)["memberships"][0]["role"] == "brand_operator"
    assert theirs.get("/v1/me").status_code == 401


def test_disable_and_enable_again(signed_in: As, tenant: Tenant) -> None:
    viewer = make_person(Role.BRAND_VIEWER, tenant)
    owner = signed_in(Role.AGENCY_OWNER)
    path = f"/v1/people/{viewer.id}"
    assert json_of(owner.patch(path, json={"disabled": True}))["state"] == "disabled"
    assert json_of(owner.patch(path, json={"disabled": False}))["state"] == "invited"
    assert actions(owner)[:2] == ["person.enabled", "person.disabled"]
    assert signed_in(viewer).get("/v1/me").status_code == 200


def test_last_owner_stays(signed_in: As, owner: User) -> None:
    client = signed_in(owner)
    for change in ({"disabled": True}, {"role": None}, {"role": "agency_analyst"}):
        assert client.patch(f"/v1/people/{owner.id}", json=change).status_code == 409
    assert client.get("/v1/me").status_code == 200


def test_taken_role_opens_nothing(signed_in: As, tenant: Tenant) -> None:
    viewer = make_person(Role.BRAND_VIEWER, tenant)
    owner = signed_in(Role.AGENCY_OWNER)
    owner.patch(f"/v1/people/{viewer.id}", json={"role": None})
    assert signed_in(viewer).get(f"/v1/tenants/{tenant.id}/jobs").status_code == 404


@pytest.mark.parametrize("role", [Role.AGENCY_ANALYST, Role.BRAND_OPERATOR, Role.BRAND_VIEWER])
def test_others_manage_nobody(signed_in: As, owner: User, role: Role) -> None:
    client = signed_in(role)
    assert client.get("/v1/people").status_code == 403
    assert client.patch(f"/v1/people/{owner.id}", json={"disabled": True}).status_code == 403


def test_people_come_in_pages(signed_in: As, tenant: Tenant) -> None:
    for _ in range(4):
        make_person(Role.BRAND_VIEWER, tenant)
    owner, seen, cursor = signed_in(Role.AGENCY_OWNER), [], ""
    while True:
        answer = json_of(owner.get(f"/v1/people?limit=2{cursor}"))
        seen += [person["id"] for person in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert len(seen) == len(set(seen)) == 5


def test_password_is_changed_by_its_owner(signed_in: As, tenant: Tenant) -> None:
    user = make_user(agency=tenant.agency_id, password=PASSWORD)
    client = signed_in(user)
    wrong = {"current": "no", "new": "nine pots of oolong"}
    assert client.post("/v1/me/password", json=wrong).status_code == 403
    weak = {"current": PASSWORD, "new": "short"}
    assert client.post("/v1/me/password", json=weak).status_code == 422
    assert client.post("/v1/me/password", json={"current": PASSWORD, "new": "nine pots of oolong"}).status_code == 204
    assert client.get("/v1/me").status_code == 401


def test_language_is_kept(signed_in: As, owner: User) -> None:
    client = signed_in(owner)
    assert client.patch("/v1/me", json={"language": "en"}).status_code == 204
    assert json_of(client.get("/v1/me"))["user"]["language"] == "en"
    assert client.patch("/v1/me", json={"language": "fr"}).status_code == 422


def test_sessions_of_others_stay(signed_in: As, tenant: Tenant) -> None:
    viewer = make_person(Role.BRAND_VIEWER, tenant)
    other = begin_session(make_person(Role.BRAND_VIEWER, tenant))
    owner = signed_in(Role.AGENCY_OWNER)
    owner.patch(f"/v1/people/{viewer.id}", json={"disabled": True})
    assert SignedClient(owner.raw.application, other).get("/v1/me").status_code == 200  # type: ignore[arg-type]  # Flask
