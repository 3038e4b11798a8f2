"""`siyu audit`: proves that no agency's log was changed, entry by entry."""

import sys

import click
import sqlalchemy as sa

from core import settings
from core.audit.models import AuditHead
from core.audit.service import broken_at
from core.db import Database, connect, platform_reading


@click.command("audit")
def audit() -> None:
    """Check the hash chain of every agency's audit log; exit code 1 if one was changed."""
    connect(Database(settings.current().database))
    with platform_reading() as session:
        heads = session.scalars(sa.select(AuditHead).order_by(AuditHead.id)).all()
        breaks = {head.id: broken_at(session, head.id) for head in heads}
    for head in heads:
        broken = breaks[head.id]
        click.echo(f"agency {head.id}: {head.seq} entries, {'whole' if broken is None else f'CHANGED at {broken}'}")
    if any(broken is not None for broken in breaks.values()):
        sys.exit(1)
