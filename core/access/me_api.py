"""`/v1/me`: who is asking and what they may see; their own language and password."""

from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.access import account
from core.access.callers import tenants_seen
from core.access.gate import caller
from core.access.models import User
from core.access.people import roles_of
from core.access.shown import BrandShown, show_brand
from core.db import platform_reading, platform_writing
from core.errors import NotFound
from core.tenants.models import Agency
from core.web import Body, answer, needs

api = APIBlueprint("me", __name__, url_prefix="/v1/me")


class UserShown(BaseModel):
    """The person; of an API key, the one who made it."""

    id: str
    name: str
    email: str
    language: str


class AgencyShown(BaseModel):
    """The agency."""

    id: str
    name: str


class Me(BaseModel):
    """Who is asking, the agency, and the brands they may open."""

    user: UserShown
    agency: AgencyShown
    role: str | None
    tenants: list[BrandShown]


class MeChange(Body):
    """What one may change of oneself."""

    language: Literal["zh", "en"]


class PasswordChange(Body):
    """The present password, and the one to have from now on."""

    current: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


@api.get("")
@needs("tenants:read")
def me() -> Response:
    """Who is asking, with the brands and the scopes on each."""
    who = caller()
    with platform_reading() as session:
        user, agency = session.get(User, who.user_id), session.get(Agency, who.agency_id)
        if user is None or agency is None:
            raise NotFound
        roles = roles_of(session, [user.id])
        brands = [show_brand(t, reach=who.reach, roles=roles) for t in tenants_seen(session, who, "tenants:read")]
    shown = UserShown(id=str(user.id), name=user.name, email=user.email, language=user.language)
    return answer(
        Me(user=shown, agency=AgencyShown(id=str(agency.id), name=agency.name), role=who.role, tenants=brands)
    )


@api.patch("")
@needs("tenants:read")
def change_me(body: MeChange) -> Response:
    """Choose the language of the pages."""
    who = caller()
    with platform_writing() as session:
        account.choose_language(session, who, language=body.language)
    return answer()


@api.post("/password")
@needs("tenants:read")
def change_password(body: PasswordChange) -> Response:
    """Change one's password; every session ends, this one too."""
    account.change_password(caller(), current=body.current, new=body.new)
    return answer()
