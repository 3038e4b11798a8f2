"""People of the agency over HTTP: add and invite, change role, disable and enable."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.access import invitations, people
from core.access.callers import Caller, tenant_seen
from core.access.gate import caller
from core.access.models import User
from core.access.roles import Role
from core.access.shown import PersonShown, show_people
from core.db import parse_id, platform_reading, platform_writing
from core.errors import FieldError, Forbidden, Invalid
from core.web import Body, PageQuery, answer, needs, page_of
from core.web.addresses import base_address

api = APIBlueprint("people", __name__, url_prefix="/v1")


class NewPerson(Body):
    """Somebody to add, with the role to start with; `tenant_id` for a brand's role."""

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=120)
    role: Role
    tenant_id: str | None = Field(None, max_length=64)


class PersonAdded(PersonShown):
    """The person, and the link to hand over, shown once; null when they can sign in already or are beyond you."""

    link: str | None
    link_expires_at: datetime | None


class PersonChange(Body):
    """What to change; a `role` of null takes the role in that place away."""

    role: Role | None = None
    tenant_id: str | None = Field(None, max_length=64)
    disabled: bool | None = None
    name: str | None = Field(None, min_length=1, max_length=120)


class PersonPath(BaseModel):
    """One person."""

    person: str = Field(max_length=64)


class NewInvitation(Body):
    """Whom to invite (again): a person on the list."""

    person_id: str = Field(max_length=64)


class InvitationShown(BaseModel):
    """The link to hand over, shown once."""

    link: str
    expires_at: datetime


@api.get("/people")
@needs("people:read")
def list_people(query: PageQuery) -> Response:
    """The people with a role where the caller may see people."""
    who, after = caller(), query.after()
    with platform_reading() as session:
        last = parse_id(after) if after else None
        rows = people.people_seen(session, reach=who.reach, after=last, limit=query.limit + 1)
        shown = {person.id: person for person in show_people(session, rows, reach=who.reach)}
    return answer(page_of(rows, query, key=lambda row: row.id, show=lambda row: shown[str(row.id)]))


@api.post("/people")
@needs("people:write")
def add(body: NewPerson) -> Response:
    """Add a person with a role and get the invitation link."""
    who = caller()
    with platform_writing() as session:
        place = _place(session, who, body.tenant_id)
        user = people.add_person(
            session, reach=who.reach, email=body.email, name=body.name, role=body.role, tenant_number=place
        )
        fresh = user.state == "invited" and people.may_manage_whole(session, user, who.reach)
        invited = invitations.invite(session, user) if fresh else None
        (person,) = show_people(session, [user], reach=who.reach)
    return answer(
        PersonAdded(
            **person.model_dump(),
            link=link_of(invited.token) if invited else None,
            link_expires_at=invited.expires_at if invited else None,
        ),
        201,
    )


@api.patch("/people/<person>")
@needs("people:write")
def change(path: PersonPath, body: PersonChange) -> Response:
    """Change a person's role, name, or whether they are let in."""
    return _change(path, body)


@api.post("/people/<person>")
@needs("people:write")
def change_by_post(path: PersonPath, body: PersonChange) -> Response:
    """The same as PATCH, for callers that cannot send one."""
    return _change(path, body)


@api.post("/invitations")
@needs("people:write")
def invite(body: NewInvitation) -> Response:
    """A fresh link for a person on the list: a first password, or a new one when it was forgotten."""
    who = caller()
    with platform_writing() as session:
        user = people.person_seen(session, parse_id(body.person_id), reach=who.reach, scope="people:write")
        if not people.may_manage_whole(session, user, who.reach):
            raise Forbidden("This person has roles beyond yours; ask an owner of the agency.")
        invited = invitations.invite(session, user)
    return answer(InvitationShown(link=link_of(invited.token), expires_at=invited.expires_at), 201)


def link_of(token: str) -> str:
    """The invitation's address, on the host that the caller used (the admin UI passes its reader's on)."""
    return f"{base_address()}/invite/{token}"


def _change(path: PersonPath, body: PersonChange) -> Response:
    who = caller()
    with platform_writing() as session:
        user = people.person_seen(session, parse_id(path.person), reach=who.reach, scope="people:write")
        _apply(session, who, user, body)
        (person,) = show_people(session, [user], reach=who.reach)
    return answer(person)


def _apply(session: Session, who: Caller, user: User, body: PersonChange) -> None:
    if body.name is not None:
        people.rename_person(session, user, reach=who.reach, name=body.name)
    if "role" in body.model_fields_set:
        place = _place(session, who, body.tenant_id) if body.tenant_id else _only_place(session, who, user)
        people.change_role(session, user, reach=who.reach, role=body.role, tenant_number=place)
    if body.disabled is not None:
        (people.disable if body.disabled else people.enable)(session, user, reach=who.reach)


def _place(session: Session, who: Caller, tenant_id: str | None) -> int | None:
    return tenant_seen(session, who, parse_id(tenant_id)).number if tenant_id else None


def _only_place(session: Session, who: Caller, user: User) -> int | None:
    seen = who.reach.tenants_with("people:write")
    places = {row.tenant_number for row in people.roles_of(session, [user.id])}
    places = places if seen is None else places & seen
    if len(places) > 1:
        raise Invalid(fields=[FieldError("tenant_id", "missing", "They have several roles; name the brand.")])
    return next(iter(places), None)
