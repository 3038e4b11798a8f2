"""The roles that can be given, and their names."""

from admin_ui import figures
from admin_ui.words import maybe

BRAND_ROLES = ("brand_manager", "brand_operator", "brand_viewer")
AGENCY_ROLES = ("agency_owner", "agency_analyst")


def role_name(code: str | None) -> str:
    """A role in words."""
    return maybe(f"people.role_{code}", code or figures.NONE)
