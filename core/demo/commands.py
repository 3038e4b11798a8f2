"""`siyu demo`: the agency with two brands."""

import click

from core import settings
from core.db import Database, connect
from core.demo.run import make_demo


@click.command()
def demo() -> None:
    """Make an agency with two brands and a past of ninety days (under a minute)."""
    connect(Database(settings.current().database, hurried=True))  # a demo that was cut off is made anew
    make_demo(click.echo)
