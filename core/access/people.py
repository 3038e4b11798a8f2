"""People of an agency and their roles: add, change, disable and enable again."""

import re
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, clock
from core.access import sessions
from core.access.login import normal_email
from core.access.models import Membership, User
from core.access.reach import Reach
from core.access.roles import Role
from core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound

_EMAIL = re.compile(r"[^\s@,;<>\"'\\]{1,64}@[^\s@,;<>\"'\\]{1,189}")


def add_person(session: Session, *, reach: Reach, email: str, name: str, role: Role, tenant_number: int | None) -> User:
    """A person with a role; somebody of this e-mail who is in the agency already gets the role beside their others.

    Raises:
        Forbidden: the caller may not give this role there.
        Invalid: no e-mail address, or a role that does not fit the place.
        Conflict: they have a role there already.
    """
    check_place(role, tenant_number)
    if not reach.may_give(role, tenant_number):
        raise Forbidden("You may not give this role.")
    address = normal_email(email)
    if not _EMAIL.fullmatch(address):
        raise Invalid(fields=[FieldError("email", "not_an_email", "This is no e-mail address. / 邮箱格式不正确。")])
    user = session.scalar(sa.select(User).where(User.agency_id == reach.agency_id, User.email == address))
    if user is None:
        user = User(agency_id=reach.agency_id, email=address, name=name)
        session.add(user)
        session.flush()
    if membership_of(session, user, tenant_number) is not None:
        raise Conflict("This person has a role there already; change it instead.")
    session.add(Membership(user_id=user.id, tenant_number=tenant_number, role=role))
    session.flush()
    _note(session, user, "person.added", tenant_number, {"role": role})
    return user


def change_role(session: Session, user: User, *, reach: Reach, role: Role | None, tenant_number: int | None) -> None:
    """Give another role in a place, or (None) take the role away. The person has to sign in again.

    Raises:
        Forbidden: the caller may not take the present role or give the new one.
        NotFound: the person has no role there.
        Conflict: it would leave the agency without an owner.
    """
    present = membership_of(session, user, tenant_number)
    if present is None:
        raise NotFound
    if role is not None:
        check_place(role, tenant_number)
    if not all(reach.may_give(each, tenant_number) for each in (Role(present.role), role) if each is not None):
        raise Forbidden("You may not change this role.")
    before = present.role
    if role is None:
        session.delete(present)
    else:
        present.role = role
    session.flush()
    _keep_an_owner(session, user.agency_id)
    sessions.end_all(session, user.id)
    _note(session, user, "person.role_changed", tenant_number, {"from": before, "to": role})


def rename_person(session: Session, user: User, *, reach: Reach, name: str) -> None:
    """Correct a person's name. Raises Forbidden as `disable` does."""
    _check_whole(session, user, reach)
    user.name = name
    _note(session, user, "person.renamed", None, {})


def disable(session: Session, user: User, *, reach: Reach) -> None:
    """Let the person in no more: sessions end and their API keys stop. `enable` undoes it.

    Raises:
        Forbidden: the person has a role that the caller could not take.
        Conflict: it would leave the agency without an owner.
    """
    _check_whole(session, user, reach)
    if user.disabled_at is None:
        user.disabled_at = clock.now()
        session.flush()
        _keep_an_owner(session, user.agency_id)
        sessions.end_all(session, user.id)
        _note(session, user, "person.disabled", None, {})


def enable(session: Session, user: User, *, reach: Reach) -> None:
    """Let a disabled person in again, with the roles and password they had. Raises Forbidden as `disable` does."""
    _check_whole(session, user, reach)
    if user.disabled_at is not None:
        user.disabled_at = None
        _note(session, user, "person.enabled", None, {})


def may_manage_whole(session: Session, user: User, reach: Reach) -> bool:
    """Whether the caller could take every role of this person, and so may act on the person as a whole."""
    held = roles_of(session, [user.id])
    return all(reach.may_give(Role(row.role), row.tenant_number) for row in held)


def person_seen(session: Session, person_id: uuid.UUID, *, reach: Reach, scope: str = "people:read") -> User:
    """A person with a role where the caller has the scope.

    Raises:
        NotFound: nobody by this id whom the caller may know of.
    """
    user = session.scalar(_seen(reach, scope).where(User.id == person_id))
    if user is None:
        raise NotFound
    return user


def people_seen(
    session: Session, *, reach: Reach, scope: str = "people:read", after: uuid.UUID | None, limit: int
) -> list[User]:
    """The people with a role where the caller has the scope, in the order they came."""
    query = _seen(reach, scope)
    if after is not None:
        query = query.where(User.id > after)
    return list(session.scalars(query.order_by(User.id).limit(limit)))


def roles_of(session: Session, user_ids: Sequence[uuid.UUID]) -> list[Membership]:
    """All roles of these people."""
    return list(session.scalars(sa.select(Membership).where(Membership.user_id.in_(user_ids))))


def membership_of(session: Session, user: User, tenant_number: int | None) -> Membership | None:
    """The person's role in one place."""
    place = Membership.tenant_number.is_not_distinct_from(tenant_number)
    return session.scalar(sa.select(Membership).where(Membership.user_id == user.id, place))


def check_place(role: Role, tenant_number: int | None) -> None:
    """Raise Invalid unless the role fits its place: an agency role has no brand, a brand's role has one."""
    if role.is_of_agency != (tenant_number is None):
        message = "This role is for the whole agency." if role.is_of_agency else "This role needs a brand."
        raise Invalid(message, fields=[FieldError("tenant_id", "wrong_place", message)])


def _seen(reach: Reach, scope: str) -> sa.Select[User]:
    query = sa.select(User).where(User.agency_id == reach.agency_id)
    numbers = reach.tenants_with(scope)
    if numbers is None:
        return query
    members = sa.select(Membership.user_id).where(Membership.tenant_number.in_(numbers))
    return query.where(User.id.in_(members))


def _check_whole(session: Session, user: User, reach: Reach) -> None:
    if not may_manage_whole(session, user, reach):
        raise Forbidden("This person has roles beyond yours; ask an owner of the agency.")


def _keep_an_owner(session: Session, agency_id: uuid.UUID) -> None:
    owners = sa.select(sa.func.count()).select_from(User).join(Membership, Membership.user_id == User.id)
    ours = owners.where(User.agency_id == agency_id, User.disabled_at.is_(None), Membership.role == Role.AGENCY_OWNER)
    if not session.scalar(ours):
        raise Conflict("An agency keeps at least one owner; make somebody else an owner first.")


def _note(session: Session, user: User, action: str, tenant: int | None, detail: dict[str, object]) -> None:
    audit.record(session, action, f"user:{user.id}", detail, agency_id=user.agency_id, tenant_number=tenant)
