"""The lake's work is killed at random moments, again and again: no fact is lost or doubled. KILLS=200 for more."""

import os
import random
import time

import pytest

from core.contacts import service as contacts
from core.db import writing
from core.lake import growth
from core.tenants.models import Tenant
from tests.core.lake.crashing import SMALL, all_work, sql_rows, start_work
from tests.core.lake.made_facts import add_many, lake_rows

pytestmark = pytest.mark.chaos

KILLS = int(os.environ.get("KILLS", "20"))


def test_killed_lake_loses_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    dice = random.Random(7)
    people = add_many(tenant, 60)
    began = time.monotonic()
    start_work(tenant).join(60)
    usual = time.monotonic() - began
    killed = 0
    for _ in range(KILLS):
        before = lake_rows(tenant)
        with writing(tenant.number) as session:
            contacts.merge(session, loser=people.pop(), into=people[0]) if len(people) > 1 else None
        people += add_many(tenant, 12, people=2)
        process = start_work(tenant)
        process.join(dice.uniform(0, usual))
        process.kill()
        process.join(60)
        killed += process.exitcode != 0
        assert lake_rows(tenant) in (before, sql_rows(tenant))
    assert killed > KILLS / 3
    all_work(tenant.number)
    assert lake_rows(tenant) == sql_rows(tenant)
