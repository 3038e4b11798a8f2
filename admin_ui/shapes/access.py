"""People of the agency, API keys, the audit log."""

from datetime import datetime

from pydantic import JsonValue

from admin_ui.shapes.web import Shape


class Membership(Shape):
    """A role on a brand."""

    tenant_id: str = ""
    tenant_name: str = ""
    role: str = ""


class Person(Shape):
    """Somebody with a role; `role` is the one on the whole agency. `link` is the invitation, shown once."""

    id: str
    name: str = ""
    email: str = ""
    state: str = ""
    role: str | None = None
    memberships: list[Membership] = []
    last_login_at: datetime | None = None
    link: str | None = None


class Invitation(Shape):
    """The link to hand over."""

    link: str = ""
    expires_at: datetime | None = None


class Key(Shape):
    """An API key; its secret only in the answer that made it."""

    id: str
    name: str = ""
    starts_with: str = ""
    tenant_id: str | None = None
    scopes: list[str] = []
    made_by: str = ""
    state: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    secret: str | None = None


class AuditEntry(Shape):
    """One deed."""

    id: str
    actor: str = ""
    actor_name: str | None = None
    action: str = ""
    subject: str = ""
    detail: dict[str, JsonValue] = {}
    at: datetime | None = None
    request_id: str = ""
