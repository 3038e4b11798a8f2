"""How far roles and keys go, and which roles may be given."""

import uuid

import pytest

from core.access.reach import Reach, reach_of_roles
from core.access.roles import ALL_SCOPES, Role, scopes_of

AGENCY, OTHER = uuid.uuid4(), uuid.uuid4()


def reach(*roles: tuple[Role, int | None]) -> Reach:
    return reach_of_roles(AGENCY, roles)


def test_agency_role_covers_every_brand() -> None:
    assert reach((Role.AGENCY_OWNER, None)).on(7, AGENCY) == ALL_SCOPES


def test_agency_role_ends_at_agency() -> None:
    assert reach((Role.AGENCY_OWNER, None)).on(7, OTHER) == frozenset()


def test_brand_role_covers_one_brand() -> None:
    manager = reach((Role.BRAND_MANAGER, 7))
    assert manager.on(7, AGENCY) == scopes_of(Role.BRAND_MANAGER)
    assert manager.on(8, AGENCY) == frozenset()


def test_roles_on_two_brands_stay_apart() -> None:
    both = reach((Role.BRAND_VIEWER, 7), (Role.BRAND_MANAGER, 8))
    assert both.on(7, AGENCY) == scopes_of(Role.BRAND_VIEWER)
    assert both.anywhere() == scopes_of(Role.BRAND_MANAGER)
    assert both.tenants_with("people:write") == frozenset({8})
    assert both.tenants_with("insights:read") == frozenset({7, 8})


def test_agency_scope_means_every_brand() -> None:
    assert reach((Role.AGENCY_ANALYST, None)).tenants_with("insights:read") is None


def test_key_never_exceeds_its_maker() -> None:
    key = reach((Role.BRAND_VIEWER, 7)).cut_to(ALL_SCOPES, None)
    assert key.on(7, AGENCY) == scopes_of(Role.BRAND_VIEWER)
    assert key.on(8, AGENCY) == frozenset()


def test_key_of_one_brand_stays_there() -> None:
    key = reach((Role.AGENCY_OWNER, None)).cut_to(frozenset({"contacts:read"}), 7)
    assert key.on(7, AGENCY) == {"contacts:read"}
    assert key.on(8, AGENCY) == frozenset()
    assert key.agency == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_owner_may_give_any_role(role: Role) -> None:
    assert reach((Role.AGENCY_OWNER, None)).may_give(role, None if role.is_of_agency else 7)


def test_manager_gives_roles_of_own_brand() -> None:
    manager = reach((Role.BRAND_MANAGER, 7))
    given = {role for role in Role if manager.may_give(role, 7)}
    assert given == {Role.BRAND_MANAGER, Role.BRAND_OPERATOR, Role.BRAND_VIEWER}
    assert not any(manager.may_give(role, 8) for role in Role)


@pytest.mark.parametrize("giver", [Role.AGENCY_ANALYST, Role.BRAND_OPERATOR, Role.BRAND_VIEWER])
def test_others_give_no_role(giver: Role) -> None:
    held = reach((giver, None if giver.is_of_agency else 7))
    assert not any(held.may_give(role, 7) for role in Role)


def test_narrow_key_gives_no_wide_role() -> None:
    key = reach((Role.AGENCY_OWNER, None)).cut_to(frozenset({"people:write", "people:read"}), 7)
    assert not any(key.may_give(role, 7) for role in Role)
