"""Who is behind a session token or an API key, and how far they reach."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.access import key_format, tokens
from core.access.models import ApiKey, LoginSession, Membership, User
from core.access.reach import Reach, reach_of_roles
from core.access.roles import Role
from core.errors import NotFound
from core.tenants.models import Tenant
from core.web.gate import Principal


@dataclass(frozen=True, kw_only=True)
class Caller(Principal):
    """A principal with its reach. `id` is the user's or the key's; `user_id` is always the person."""

    user_id: uuid.UUID
    session_id: uuid.UUID | None = None
    reach: Reach
    seen_at: datetime | None = None


def caller_of_session(session: Session, token: str) -> Caller | None:
    """The person whose session this is; None when it is unknown, over, idle too long, or the person is disabled."""
    digest = tokens.digest_of(token)
    if digest is None:
        return None
    row = session.execute(
        sa.select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.token_digest == digest, LoginSession.ended_at.is_(None), User.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    login, user = row
    if not tokens.is_alive(started_at=login.started_at, seen_at=login.seen_at, now=clock.now()):
        return None
    reach, role = _reach_of_user(session, user)
    return Caller(
        kind="user",
        id=user.id,
        agency_id=user.agency_id,
        name=user.name,
        role=role,
        user_id=user.id,
        session_id=login.id,
        reach=reach,
        seen_at=login.seen_at,
    )


def caller_of_key(session: Session, text: str) -> Caller | None:
    """The key's caller; None when it is unknown, wrong, revoked or expired, or its maker is disabled."""
    sent = key_format.parse(text)
    if sent is None:
        return None
    row = session.execute(
        sa.select(ApiKey, User).join(User, User.id == ApiKey.user_id).where(ApiKey.handle == sent.handle)
    ).one_or_none()
    if row is None:
        return None
    key, user = row
    over = key.expires_at is not None and key.expires_at <= clock.now()
    right = key_format.is_right(sent, key.secret_digest)
    if not right or over or key.revoked_at is not None or user.disabled_at is not None:
        return None
    reach, _ = _reach_of_user(session, user)
    return Caller(
        kind="key",
        id=key.id,
        agency_id=key.agency_id,
        name=key.name,
        user_id=user.id,
        reach=reach.cut_to(frozenset(key.scopes), key.tenant_number),
        seen_at=key.last_used_at,
    )


def note_use(session: Session, caller: Caller) -> None:
    """Write down that the session or key was used just now."""
    if caller.kind == "key":
        session.execute(sa.update(ApiKey).where(ApiKey.id == caller.id).values(last_used_at=clock.now()))
    else:
        mine = LoginSession.id == caller.session_id
        session.execute(sa.update(LoginSession).where(mine).values(seen_at=clock.now()))


def reach_of_user(session: Session, user: User) -> Reach:
    """How far a person's roles go at this moment."""
    return _reach_of_user(session, user)[0]


def tenants_seen(session: Session, caller: Caller, scope: str) -> list[Tenant]:
    """The brands on which the caller has this scope, by name: what a route of no brand may speak of."""
    numbers = caller.reach.tenants_with(scope)
    query = sa.select(Tenant).where(Tenant.agency_id == caller.agency_id)
    if numbers is not None:
        query = query.where(Tenant.number.in_(numbers))
    return list(session.scalars(query.order_by(Tenant.name)))


def tenant_seen(session: Session, caller: Caller, public_id: uuid.UUID) -> Tenant:
    """A brand on which the caller has any scope at all.

    Raises:
        NotFound: there is none by this id that the caller may know of.
    """
    tenant = session.scalar(sa.select(Tenant).where(Tenant.id == public_id, Tenant.agency_id == caller.agency_id))
    if tenant is None or not caller.reach.on(tenant.number, tenant.agency_id):
        raise NotFound
    return tenant


def _reach_of_user(session: Session, user: User) -> tuple[Reach, str | None]:
    rows = session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).all()
    reach = reach_of_roles(user.agency_id, [(Role(row.role), row.tenant_number) for row in rows])
    return reach, next((row.role for row in rows if row.tenant_number is None), None)
