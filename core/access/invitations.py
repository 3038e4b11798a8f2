"""Invitations: a single-use, expiring link by which a person sets a password, the first one or a new one."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, clock
from core.access import passwords, sessions, throttle, tokens
from core.access.models import Invitation, User
from core.db import platform_reading, platform_writing
from core.errors import Invalid, NotFound


@dataclass(frozen=True)
class Invited:
    """What is shown once of a new invitation."""

    token: str
    expires_at: datetime


def invite(session: Session, user: User) -> Invited:
    """A fresh link for the person; earlier ones no longer work."""
    now = clock.now()
    open_ones = sa.update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    session.execute(open_ones.values(used_at=now))
    token = tokens.new_token()
    row = Invitation(user_id=user.id, token_digest=tokens.digest_of(token), expires_at=now + tokens.INVITATION)
    session.add(row)
    session.flush()
    audit.record(session, "person.invited", f"user:{user.id}", agency_id=user.agency_id)
    return Invited(token=token, expires_at=row.expires_at)


def invited_person(session: Session, token: str, *, lock: bool) -> User:
    """Whose link this is; `lock` keeps a second use waiting until this transaction ends.

    Raises:
        NotFound: it is unknown, used or expired, or the person was disabled.
    """
    query = (
        sa.select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .where(
            Invitation.token_digest == tokens.digest_of(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
            User.disabled_at.is_(None),
        )
    )
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound("This invitation was used, has expired or never was. / 邀请已使用、已过期或不存在。")
    _, user = row
    return user


def set_password(*, token: str, password: str, address: str, language: str | None = None) -> str:
    """Use the invitation up: the person has this password now, and a session whose token is the answer.

    The pages will speak the `language` in which they did so.

    Raises:
        TooMany: too many attempts from this address.
        NotFound: see `invited_person`.
        Invalid: the password is too short or too easy; the invitation stays good.
    """
    with platform_writing() as session:
        throttle.charge(session, {"invite_ip": address})
    with platform_reading() as session:
        user = invited_person(session, token, lock=False)
    faults = passwords.faults_of(password, about=(user.email, user.name))
    if faults:
        raise Invalid(faults[0].message, fields=faults)
    hashed = passwords.hash_password(password)
    with platform_writing() as session:
        return _use_up(session, token, hashed, address, language)


def _use_up(session: Session, token: str, hashed: str, address: str, language: str | None) -> str:
    user = invited_person(session, token, lock=True)
    session.execute(
        sa.update(Invitation).where(Invitation.token_digest == tokens.digest_of(token)).values(used_at=clock.now())
    )
    user.password_hash = hashed
    user.language = language or user.language
    sessions.end_all(session, user.id)
    throttle.give_back(session, {"invite_ip": address})
    with audit.acting_as(audit.Actor(f"user:{user.id}", user.agency_id)):
        audit.record(session, "password.set", f"user:{user.id}")
    return sessions.begin(session, user)
