"""What people may change of themselves: language and password."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit
from core.access import passwords, sessions, throttle
from core.access.callers import Caller
from core.access.models import User
from core.db import platform_reading, platform_writing
from core.errors import Forbidden, Invalid


def choose_language(session: Session, who: Caller, *, language: str) -> None:
    """The language of the pages from now on."""
    _check_is_person(who)
    session.execute(sa.update(User).where(User.id == who.user_id).values(language=language))


def change_password(who: Caller, *, current: str, new: str) -> None:
    """Set a new password and end every session, also the one it was asked from.

    Raises:
        Forbidden: an API key asks, or the present password is wrong.
        TooMany: it was wrong too often.
        Invalid: the new one is too short or too easy.
    """
    _check_is_person(who)
    with platform_writing() as session:
        throttle.charge(session, {"account": str(who.user_id)})
    with platform_reading() as session:
        user = session.scalars(sa.select(User).where(User.id == who.user_id)).one()
    if not passwords.is_right(current, user.password_hash):
        raise Forbidden("The present password is wrong. / 当前密码不正确。", code="wrong_password")
    faults = passwords.faults_of(new, about=(user.email, user.name), path="new")
    if faults:
        raise Invalid(faults[0].message, fields=faults)
    hashed = passwords.hash_password(new)
    with platform_writing() as session:
        throttle.give_back(session, {"account": str(who.user_id)})
        session.execute(sa.update(User).where(User.id == who.user_id).values(password_hash=hashed))
        sessions.end_all(session, who.user_id)
        audit.record(session, "password.changed", f"user:{who.user_id}", agency_id=who.agency_id)


def _check_is_person(who: Caller) -> None:
    if who.kind != "user":
        raise Forbidden("An API key cannot change a person's account.")
