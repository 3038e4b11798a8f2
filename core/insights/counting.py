"""Keeping the cube and the people of a tenant up with its lake and its contacts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.service import direct_channel
from core.contacts.models import Contact
from core.db import reading
from core.insights.cube import Cube, count_cube
from core.insights.models import InsightCube, InsightPeople
from core.insights.people import read_people
from core.lake.manifest import take_snapshot
from core.tenants.service import tenant_now

Door = Callable[[], AbstractContextManager[Session]]
Mark = tuple[int, str, int, int]
"""Generation of the lake, time zone, newest contact, contacts that have joined: what a count depends on."""


def refresh_cube(tenant_id: int, *, door: Door) -> bool:
    """Count lake and people if either has moved on since; whether one had. door: opens a writing transaction of the
    tenant."""
    with reading(tenant_id) as session:
        snapshot = take_snapshot(session)
        zone, direct = tenant_now(session).timezone, direct_channel(session).number
        newest = session.scalar(sa.select(sa.func.max(Contact.number))) or 0
        joined = session.scalar(sa.select(sa.func.count()).where(Contact.joined_at.is_not(None))) or 0
        if _last_mark(session) == (snapshot.generation, zone, newest, joined):
            return False
        people = read_people(session)
    cube, seen = count_cube(snapshot, people, zone=zone, direct=direct).to_bytes(), people.to_bytes()
    with door() as session:
        row, beside = session.scalar(sa.select(InsightCube)), session.scalar(sa.select(InsightPeople))
        if row is None or beside is None:
            session.add(InsightCube(generation=snapshot.generation, zone=zone, columns=cube))
            session.add(InsightPeople(last_number=newest, joined=joined, columns=seen))
        elif row.generation <= snapshot.generation:
            row.generation, row.zone, row.columns, row.counted_at = snapshot.generation, zone, cube, clock.now()
            beside.last_number, beside.joined, beside.columns = newest, joined, seen
    return True


def load_cube(session: Session) -> Cube:
    """The newest cube of the bound tenant."""
    packed = session.scalar(sa.select(InsightCube.columns))
    return Cube.empty() if packed is None else Cube.from_bytes(packed)


def _last_mark(session: Session) -> Mark | None:
    cube = session.execute(sa.select(InsightCube.generation, InsightCube.zone)).first()
    people = session.execute(sa.select(InsightPeople.last_number, InsightPeople.joined)).first()
    return None if cube is None or people is None else (*cube, *people)
