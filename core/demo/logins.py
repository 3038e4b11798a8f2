"""The demo's people: random passwords, printed once and kept in a file that only the user can read."""

import os
import secrets
import uuid
from pathlib import Path

from core.access.models import Membership, User
from core.access.passwords import hash_password
from core.access.roles import Role
from core.db import platform_writing
from core.tenants.models import Tenant

LOGINS = "demo-logins.txt"


def make_people(agency_id: uuid.UUID, tenants: list[Tenant]) -> tuple[User, list[str]]:
    """An owner, an analyst, and for each brand a manager and an operator. Returns the owner and the login lines."""
    places: list[tuple[str, str, Role, Tenant | None]] = [
        ("owner", "林岚 Lin Lan", Role.AGENCY_OWNER, None),
        ("analyst", "周一鸣 Zhou Yiming", Role.AGENCY_ANALYST, None),
        ("tea-manager", "陈舟 Chen Zhou", Role.BRAND_MANAGER, tenants[0]),
        ("tea-operator", "吴桐 Wu Tong", Role.BRAND_OPERATOR, tenants[0]),
        ("skin-manager", "何嘉 He Jia", Role.BRAND_MANAGER, tenants[1]),
        ("skin-viewer", "苏禾 Su He", Role.BRAND_VIEWER, tenants[1]),
    ]
    lines, owner = [], None
    for name, full, role, tenant in places:
        password = secrets.token_urlsafe(12)
        user = _make_person(agency_id, f"{name}@demo.example", full, role, tenant, hash_password(password))
        owner = owner or user
        lines.append(f"{user.email:28} {password:18} {role}{f' ({tenant.name})' if tenant else ''}")
    assert owner is not None
    return owner, lines


def keep_logins(home: Path, lines: list[str]) -> Path:
    """Write the logins to a file that only this user can read."""
    path = home / LOGINS
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(["e-mail                       password           role", *lines]) + "\n")
    return path


def _make_person(
    agency_id: uuid.UUID, email: str, name: str, role: Role, tenant: Tenant | None, password_hash: str
) -> User:
    with platform_writing() as session:
        user = User(agency_id=agency_id, email=email, name=name, password_hash=password_hash)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, tenant_number=tenant.number if tenant else None, role=role))
        return user
