"""Things that are due again and again."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.jobs.kinds import KINDS
from core.jobs.models import NOBODY, Schedule


def declare_standing(session: Session) -> None:
    """Put down every kind of job that the platform runs again and again. Called when a dispatcher starts."""
    for name, kind in KINDS.items():
        if kind.every is not None:
            every(session, f"standing:{name}", name, seconds=kind.every)


def every(
    session: Session,
    name: str,
    kind: str,
    *,
    seconds: int,
    args: Mapping[str, object] | None = None,
    tenant_id: int | None = None,
) -> None:
    """Have `kind` submitted every `seconds`; saying it again changes the rhythm and adds nothing."""
    owner = tenant_id or NOBODY
    row = session.scalar(sa.select(Schedule).where(Schedule.owner == owner, Schedule.name == name))
    if row is None:
        row = Schedule(owner=owner, name=name, kind=kind, next_at=clock.now() + timedelta(seconds=seconds))
        session.add(row)
    row.kind, row.args, row.every_seconds = kind, dict(args or {}), seconds
    session.flush()
