"""`siyu agencies create` and `siyu tenants create`: the first owner of a server, and brands from a terminal."""

import uuid

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import audit, settings
from core.access import brands, invitations, people
from core.access.reach import reach_of_roles
from core.access.roles import Role
from core.audit.actors import Actor
from core.db import Database, connect, platform_reading, platform_writing
from core.errors import NotFound
from core.tenants.models import Agency
from core.tenants.service import create_agency

TERMINAL = "terminal"


@click.group()
def agencies() -> None:
    """Agencies of this server."""
    connect(Database(settings.current().database))


@agencies.command("create")
@click.argument("name")
@click.option("--owner", "email", required=True, help="E-mail of the first owner, who gets a link to set a password.")
@click.option("--owner-name", default="", help="The owner's name; the e-mail when left out.")
def create_agency_command(name: str, email: str, owner_name: str) -> None:
    """Make an agency with its first owner, and print the owner's link once."""
    with platform_writing() as session:
        agency = create_agency(session, name=name)
        with audit.acting_as(Actor(TERMINAL, agency.id)):
            audit.record(session, "agency.created", f"agency:{agency.id}")
            reach = reach_of_roles(agency.id, [(Role.AGENCY_OWNER, None)])
            user = people.add_person(
                session,
                reach=reach,
                email=email,
                name=owner_name or email,
                role=Role.AGENCY_OWNER,
                tenant_number=None,
            )
            invited = invitations.invite(session, user)
    click.echo(f"agency {agency.id}")
    click.echo(f"{link_of(invited.token)}  (works once, until {invited.expires_at:%Y-%m-%d %H:%M} UTC)")


@click.group()
def tenants() -> None:
    """Tenants (brands) of this server's agencies."""
    connect(Database(settings.current().database))


@tenants.command("create")
@click.argument("name")
@click.option("--agency", help="Name or id of the agency; not needed while there is one only.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@click.option("--currency", default="CNY", show_default=True)
def create_tenant_command(name: str, agency: str | None, timezone: str, currency: str) -> None:
    """Open a brand and print its id."""
    with platform_reading() as session:
        owner = agency_called(session, agency)
    with audit.acting_as(Actor(TERMINAL, owner.id)):
        tenant = brands.open_brand(agency_id=owner.id, name=name, timezone=timezone, currency=currency)
    click.echo(f"tenant {tenant.id}")


def agency_called(session: Session, called: str | None) -> Agency:
    """The agency of this name or id, or the only one.

    Raises:
        NotFound: there is none, or the name does not decide.
    """
    query = sa.select(Agency)
    if called is not None:
        query = query.where(sa.or_(Agency.name == called, Agency.id == _maybe_id(called)))
    found = session.scalars(query.limit(2)).all()
    if len(found) != 1:
        raise NotFound("Name one agency with --agency (by its id, if two share the name).")
    return found[0]


def link_of(token: str) -> str:
    """The invitation's address on this server."""
    config = settings.current()
    if config.https:
        return f"https://{config.hosts[0]}/invite/{token}"
    return f"http://{config.hosts[0]}:{config.api_port}/invite/{token}"


def _maybe_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
