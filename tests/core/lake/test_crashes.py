"""A process that dies at any named moment leaves a whole lake, and the next run ends as if nothing had happened."""

from collections.abc import Iterator

import pytest

from core.contacts import service as contacts
from core.contacts.erasing import erase_names
from core.db import writing
from core.lake import faults, growth
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake
from core.orders import service as orders
from core.tenants.models import Tenant
from tests.core.lake.crashing import DIED, SMALL, all_work, sql_rows, start_work
from tests.core.lake.made_facts import add_many, add_order, add_people, add_touches, at, lake_rows

TURNS = [(point, 1) for point in faults.POINTS] + [("file.written", 4), ("publish.staged", 3)]


@pytest.fixture
def busy(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenant]:
    """A tenant whose lake has buckets, deltas and retired files, and whose database has news of every kind."""
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    people = add_many(tenant, 100)
    flush_lake(tenant.number)
    compact_lake(tenant.number, everything=True)
    add_many(tenant, 10)
    flush_lake(tenant.number)
    with writing(tenant.number) as session:
        number = add_order(session, people[7], 400)
        add_touches(session, [*people[:9], *add_people(session, 1)], [float(m) for m in range(10)])
        contacts.merge(session, loser=people[0], into=people[1])
        erase_names(session, [people[2], people[3]], actor="test")
        orders.cancel(session, channel_number=1, order_no=number, event_id="c", at=at(500))
    yield tenant
    faults.listen(None)


@pytest.mark.parametrize(("point", "turn"), TURNS)
def test_lake_survives_death_anywhere(busy: Tenant, point: str, turn: int) -> None:
    before, after = lake_rows(busy), sql_rows(busy)
    process = start_work(busy, point=point, turn=turn)
    process.join(60)
    assert process.exitcode == DIED
    assert lake_rows(busy) in (before, after)
    flush_lake(busy.number)
    assert lake_rows(busy) == after
    all_work(busy.number)
    assert lake_rows(busy) == after


def test_every_named_moment_comes(busy: Tenant) -> None:
    seen: set[str] = set()
    faults.listen(seen.add)
    all_work(busy.number)
    assert seen == set(faults.POINTS)
