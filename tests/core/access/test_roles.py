"""The table of roles and scopes."""

from core.access.roles import ALL_SCOPES, SCOPES, Role, scopes_of


def test_owner_holds_every_scope() -> None:
    assert scopes_of(Role.AGENCY_OWNER) == ALL_SCOPES


def test_every_role_has_scopes() -> None:
    assert set(SCOPES) == set(Role)
    assert all(scopes <= ALL_SCOPES for scopes in SCOPES.values())


def test_analyst_reads_but_changes_only_attribution() -> None:
    writes = {scope for scope in scopes_of(Role.AGENCY_ANALYST) if scope.endswith(":write")}
    assert writes == {"attribution:write"}
    assert "people:read" not in scopes_of(Role.AGENCY_ANALYST)


def test_manager_cannot_make_tenants() -> None:
    assert ALL_SCOPES - scopes_of(Role.BRAND_MANAGER) == {"tenants:write"}


def test_operator_sees_no_staff_or_keys() -> None:
    assert not scopes_of(Role.BRAND_OPERATOR) & {"people:read", "keys:read", "audit:read", "channels:write"}


def test_viewer_meets_no_person() -> None:
    viewer = scopes_of(Role.BRAND_VIEWER)
    assert all(scope.endswith(":read") for scope in viewer)
    assert not viewer & {"contacts:read", "imports:read", "files:read", "campaigns:read", "people:read"}
