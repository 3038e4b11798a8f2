"""`siyu erase`: a person's data, from a terminal."""

import click

from core import settings
from core.db import Database, connect, writing
from core.erasure.service import erase_contact
from core.ingest.commands import find_tenant


@click.command("erase")
@click.argument("contact")
@click.option("--tenant", required=True, help="Brand: its id or its name.")
@click.confirmation_option(prompt="This cannot be undone. Erase this contact?")
def erase(contact: str, tenant: str) -> None:
    """Erase the person with this contact id: identities, profile, tags, details of touchpoints, rows of the lake."""
    connect(Database(settings.current().database))
    with writing(find_tenant(tenant)) as session:
        gone = erase_contact(session, contact)
    click.echo(
        f"Erased {gone.identities} identities of {gone.contacts} contacts and the details of {gone.touchpoints}"
        " touchpoints. The lake's files follow by a job."
    )
