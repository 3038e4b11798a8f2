"""What each role may do: five roles, one table of scopes."""

from enum import StrEnum

_SUBJECT_WORDS = """
tenants people keys audit plugins channels placements contacts imports jobs attribution insights campaigns files ingest
rewards
"""
SUBJECTS = tuple(_SUBJECT_WORDS.split())
READ = frozenset(f"{subject}:read" for subject in SUBJECTS)
WRITE = frozenset(f"{subject}:write" for subject in SUBJECTS)
ALL_SCOPES = READ | WRITE


class Role(StrEnum):
    """A role is held on the whole agency or on one brand."""

    AGENCY_OWNER = "agency_owner"
    AGENCY_ANALYST = "agency_analyst"
    BRAND_MANAGER = "brand_manager"
    BRAND_OPERATOR = "brand_operator"
    BRAND_VIEWER = "brand_viewer"

    @property
    def is_of_agency(self) -> bool:
        """Whether it is held on the whole agency (else on one brand)."""
        return self in _AGENCY_ROLES


_AGENCY_ROLES = (Role.AGENCY_OWNER, Role.AGENCY_ANALYST)
_STAFF_ONLY = frozenset({"people:read", "keys:read"})
_OPERATED = ("placements", "contacts", "imports", "campaigns", "jobs")
_VIEWED = ("tenants", "plugins", "channels", "placements", "jobs", "attribution", "insights")

# A viewer sees figures and no person: neither contacts nor the files and imports that carry them.
SCOPES: dict[Role, frozenset[str]] = {
    Role.AGENCY_OWNER: ALL_SCOPES,
    Role.AGENCY_ANALYST: (READ - _STAFF_ONLY) | {"attribution:write"},
    Role.BRAND_MANAGER: ALL_SCOPES - {"tenants:write"},
    Role.BRAND_OPERATOR: (READ - _STAFF_ONLY - {"audit:read"}) | {f"{subject}:write" for subject in _OPERATED},
    Role.BRAND_VIEWER: frozenset(f"{subject}:read" for subject in _VIEWED),
}


def scopes_of(role: Role) -> frozenset[str]:
    """The scopes of a role, on the agency's tenants or on its one brand."""
    return SCOPES[role]
