"""Keeping the cube of a tenant up with its lake."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.service import direct_channel
from core.db import reading
from core.insights.cube import Cube, count_cube
from core.insights.models import InsightCube
from core.lake.manifest import take_snapshot
from core.tenants.service import tenant_now

Door = Callable[[], AbstractContextManager[Session]]


def refresh_cube(tenant_id: int, *, door: Door) -> bool:
    """Count the lake if it has moved on since; whether it had. door: opens a writing transaction of the tenant."""
    with reading(tenant_id) as session:
        snapshot = take_snapshot(session)
        zone, direct = tenant_now(session).timezone, direct_channel(session).number
        row = session.scalar(sa.select(InsightCube))
        if row is not None and (row.generation, row.zone) == (snapshot.generation, zone):
            return False
    packed = count_cube(snapshot, zone=zone, direct=direct).to_bytes()
    with door() as session:
        row = session.scalar(sa.select(InsightCube))
        if row is None:
            session.add(InsightCube(generation=snapshot.generation, zone=zone, columns=packed))
        elif row.generation <= snapshot.generation:
            row.generation, row.zone, row.columns, row.counted_at = snapshot.generation, zone, packed, clock.now()
    return True


def load_cube(session: Session) -> Cube:
    """The newest cube of the bound tenant."""
    packed = session.scalar(sa.select(InsightCube.columns))
    return Cube.empty() if packed is None else Cube.from_bytes(packed)
