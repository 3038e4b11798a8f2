"""People, what they may do, and the three things they are known by: session, API key, invitation. Platform tables."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.access.roles import Role
from core.db import Id, Instant, Json, PlatformRow

_ROLES = ", ".join(f"'{role}'" for role in Role)
_AGENCY_ROLES = ", ".join(f"'{role}'" for role in Role if role.is_of_agency)


class User(PlatformRow):
    """One person in one agency. An e-mail may stand in two agencies, so neither learns of the other."""

    __tablename__ = "app_user"  # `user` is a reserved word of PostgreSQL
    __table_args__ = (sa.UniqueConstraint("agency_id", "email"), sa.Index("ix_app_user_email", "email"))

    agency_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("agency.id"))
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(2), default="zh")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)

    @property
    def state(self) -> str:
        """`invited` until a password is set, then `active`; `disabled` keeps everything but lets nobody in."""
        if self.disabled_at is not None:
            return "disabled"
        return "active" if self.password_hash else "invited"


class Membership(PlatformRow):
    """A role of a person: on one brand, or (without one) on the whole agency."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "tenant_number"),
        sa.CheckConstraint(f"role IN ({_ROLES})", name="role"),
        sa.CheckConstraint(f"(tenant_number IS NULL) = (role IN ({_AGENCY_ROLES}))", name="role_place"),
        # NULLs are distinct in a unique key, so one agency role a person needs an index of its own.
        sa.Index(
            "uq_membership_agency_role",
            "user_id",
            unique=True,
            sqlite_where=sa.text("tenant_number IS NULL"),
            postgresql_where=sa.text("tenant_number IS NULL"),
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("app_user.id"))
    tenant_number: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.number"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))


class Invitation(PlatformRow):
    """A link by which a person sets a password: single use, expiring, stored as a hash."""

    __tablename__ = "invitation"

    user_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("app_user.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class LoginSession(PlatformRow):
    """A signed-in browser. The token is stored as its SHA-256, so a copy of the table signs nobody in."""

    __tablename__ = "login_session"

    user_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("app_user.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    started_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class ApiKey(PlatformRow):
    """A key for programs. It acts for the person who made it and can never do more than that person may now."""

    __tablename__ = "api_key"

    agency_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("agency.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(Id, sa.ForeignKey("app_user.id"), index=True)
    tenant_number: Mapped[int | None] = mapped_column(sa.ForeignKey("tenant.number"))
    handle: Mapped[str] = mapped_column(sa.String(12), unique=True)
    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    name: Mapped[str] = mapped_column(sa.String(120))
    scopes: Mapped[list[str]] = mapped_column(Json)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class LoginAttempts(PlatformRow):
    """Attempts that did not end well, by what they are counted for (a digest of account, address, or both)."""

    __tablename__ = "login_attempts"

    subject: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    failures: Mapped[int] = mapped_column(sa.Integer)
    last_at: Mapped[datetime] = mapped_column(Instant)
