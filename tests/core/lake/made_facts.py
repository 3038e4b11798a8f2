"""Facts for the lake's tests, recorded the way the slices record them, and the lake as comparable rows."""

from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from core.db import reading, writing
from core.lake.facts import OrderFacts, TouchFacts
from core.lake.manifest import take_snapshot
from core.lake.reading import read_buckets
from core.orders import service as orders
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.factories.contacts import make_contacts, new_phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

START = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[int, ...]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def add_people(session: Session, count: int) -> list[int]:
    return make_contacts(session, [[new_phone()] for _ in range(count)], at=START)


def add_touches(session: Session, contacts: list[int], minutes: list[float], *, channel: int = 1) -> None:
    touchpoints.record(
        session,
        [new_touch(who, at=at(when), channel_number=channel) for who, when in zip(contacts, minutes, strict=True)],
    )


def add_order(session: Session, contact: int, minute: float, amount: int = 1000) -> str:
    order = new_order(contact, placed_at=at(minute), amount_minor=amount)
    orders.record(session, [order])
    return order.order_no


def add_many(tenant: Tenant, count: int, *, people: int = 20) -> list[int]:
    """Touches of random people at random times, every tenth with an order."""
    random = np.random.default_rng(count)
    with writing(tenant.number) as session:
        contacts = add_people(session, people)
        who = [contacts[i] for i in random.integers(0, people, count)]
        add_touches(session, who, [float(m) for m in random.integers(0, 500, count)])
        for contact in who[::10]:
            add_order(session, contact, float(random.integers(0, 500)))
    return contacts


def rows_of(facts: TouchFacts | OrderFacts) -> list[Row]:
    names = [name for name in facts.__dataclass_fields__ if name != "seq"]
    return list(zip(*(getattr(facts, name).tolist() for name in names), strict=True))


def lake_rows(tenant: Tenant) -> tuple[list[Row], list[Row]]:
    """All touches and all orders of the newest snapshot, in order."""
    with reading(tenant.number) as session:
        snapshot = take_snapshot(session)
    buckets = list(read_buckets(snapshot))
    touches = [row for bucket in buckets for row in rows_of(bucket.touches)]
    return sorted(touches), sorted(row for bucket in buckets for row in rows_of(bucket.orders))
