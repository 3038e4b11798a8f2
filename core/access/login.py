"""Signing in with e-mail and password. The hash is computed outside of any transaction."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit
from core.access import passwords, sessions, throttle
from core.access.models import User
from core.db import platform_reading, platform_writing
from core.errors import Unauthenticated

# One e-mail may stand in several agencies; more than this many are not tried.
_MOST_ACCOUNTS = 5


class WrongLogin(Unauthenticated):
    """E-mail and password do not belong together."""

    code = "wrong_login"


def sign_in(*, email: str, password: str, address: str) -> str:
    """The token of a new session.

    Args:
        address: the caller's network address, for counting attempts.

    Raises:
        TooMany: too many failures of this account or address; says how long to wait.
        WrongLogin: unknown e-mail, wrong password, disabled or not yet activated; all look and take the same.
    """
    wanted = normal_email(email)
    counted_for = {"account_ip": f"{wanted}\0{address}", "account": wanted, "ip": address}
    with platform_writing() as session:
        throttle.charge(session, counted_for)
    with platform_reading() as session:
        candidates = _accounts(session, wanted)
    user = _matching(candidates, password)
    if user is None:
        raise WrongLogin("This e-mail and password do not belong together. / 邮箱或密码不正确。")
    assert user.password_hash is not None
    fresh = passwords.hash_password(password) if passwords.wants_rehash(user.password_hash) else None
    with platform_writing() as session:
        throttle.give_back(session, counted_for)
        return _begin(session, user, fresh_hash=fresh)


def normal_email(text: str) -> str:
    """One spelling of an e-mail address."""
    return text.strip().lower()


def _accounts(session: Session, email: str) -> list[User]:
    query = sa.select(User).where(User.email == email, User.disabled_at.is_(None), User.password_hash.is_not(None))
    return list(session.scalars(query.order_by(User.last_login_at.desc().nulls_last()).limit(_MOST_ACCOUNTS)))


def _matching(candidates: list[User], password: str) -> User | None:
    if not candidates:
        passwords.is_right(password, None)
        return None
    return next((user for user in candidates if passwords.is_right(password, user.password_hash)), None)


def _begin(session: Session, user: User, *, fresh_hash: str | None) -> str:
    # The person may have been disabled while the hash was computed.
    row = session.scalar(sa.select(User).where(User.id == user.id, User.password_hash == user.password_hash))
    if row is None or row.disabled_at is not None:
        raise WrongLogin
    if fresh_hash is not None:
        row.password_hash = fresh_hash
    token = sessions.begin(session, row)
    with audit.acting_as(audit.Actor(f"user:{row.id}", row.agency_id)):
        audit.record(session, "session.begun", f"user:{row.id}")
    return token
