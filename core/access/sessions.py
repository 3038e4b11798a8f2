"""Server-side sessions: begun at login, ended by logout, by disabling, by a new role or password."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.access import tokens
from core.access.models import LoginSession, User


def begin(session: Session, user: User) -> str:
    """A fresh session; the answer is its token, which is stored nowhere."""
    token = tokens.new_token()
    now = clock.now()
    digest = tokens.digest_of(token)
    session.add(LoginSession(user_id=user.id, token_digest=digest, started_at=now, seen_at=now))
    user.last_login_at = now
    session.flush()
    return token


def end(session: Session, token: str) -> None:
    """End one session; an unknown token is ended already."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.token_digest == tokens.digest_of(token), LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(session: Session, user_id: uuid.UUID) -> None:
    """End every session of a person."""
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def forget_old(session: Session) -> int:
    """Drop sessions that ended or ran out more than a day ago; returns how many."""
    before = clock.now() - 2 * tokens.ABSOLUTE
    old = sa.delete(LoginSession).where(LoginSession.started_at < before)
    return len(session.execute(old.returning(LoginSession.id)).all())
