"""Keeping the cube and the people of a tenant up with its lake and its contacts."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.service import direct_channel
from core.contacts.models import Contact
from core.db import reading
from core.insights.answer_counts import AnswerCounts, count_answers, sum_answers
from core.insights.cube import Cube, add_worth, count_bucket, count_people, sum_cube
from core.insights.models import InsightCube, InsightPeople
from core.insights.people import People, read_people
from core.lake.manifest import Snapshot, take_snapshot
from core.lake.reading import read_buckets
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
    cube, answers = _count_lake(snapshot, people, zone=zone, direct=direct)
    packed = {"columns": cube.to_bytes(), "days": cube.by_day().to_bytes(), "answers": answers.to_bytes()}
    counted = {"generation": snapshot.generation, "zone": zone, "last_number": newest, "counted_at": clock.now()}
    beside = {"last_number": newest, "joined": joined, "columns": people.to_bytes()}
    with door() as session:
        reached = session.scalar(sa.select(InsightCube.generation))
        if reached is None or reached <= snapshot.generation:
            _put(session, InsightCube, counted | packed)
            _put(session, InsightPeople, beside)
    return True


def _count_lake(snapshot: Snapshot, people: People, *, zone: str, direct: int) -> tuple[Cube, AnswerCounts]:
    """A bucket at a time."""
    parts, answers = [], []
    worth = np.zeros(len(people), np.int64)
    for bucket in read_buckets(snapshot):
        parts.append(count_bucket(bucket, zone=zone, direct=direct))
        answers.append(count_answers(bucket.touches, zone=zone))
        add_worth(worth, people, bucket.orders)
    parts.append(count_people(people, worth, zone=zone))
    return sum_cube(parts), sum_answers(answers)


def _put(session: Session, model: type[InsightCube] | type[InsightPeople], values: Mapping[str, object]) -> None:
    """Make this the tenant's one row."""
    row = session.scalar(sa.select(model))
    if row is None:
        session.add(model(**values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def _last_mark(session: Session) -> Mark | None:
    cube = session.execute(sa.select(InsightCube.generation, InsightCube.zone)).first()
    people = session.execute(sa.select(InsightPeople.last_number, InsightPeople.joined)).first()
    return None if cube is None or people is None else (*cube, *people)
