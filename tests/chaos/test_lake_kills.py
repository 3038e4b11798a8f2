"""The lake's work, and the merges, erasures and cancellations that it follows, are killed at random moments, again and
again: no fact is lost or doubled. KILLS=200 for more."""

import os
import random

import pytest

from core.lake import growth
from core.lake.flush import flush_lake
from core.tenants.models import Tenant
from tests.core.lake.crashing import SMALL, change_people, sql_rows, start_work
from tests.core.lake.made_facts import add_many, lake_rows

pytestmark = pytest.mark.chaos

KILLS = int(os.environ.get("KILLS", "20"))
LONGEST = 2.0
"""Seconds until the latest kill, at first."""


def test_killed_lake_loses_nothing(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    dice = random.Random(7)
    add_many(tenant, 60)
    start_work(tenant).join(60)
    killed, longest = 0, LONGEST
    while killed < KILLS:
        before = lake_rows(tenant)
        add_many(tenant, 12, people=4)
        process = start_work(tenant, work=change_people)
        process.join(dice.uniform(0, longest))
        process.kill()
        process.join(60)
        if process.exitcode == 0:  # it was done before: strike earlier
            longest *= 0.8
        else:
            killed += 1
        assert lake_rows(tenant) in (before, sql_rows(tenant))
        flush_lake(tenant.number)
        assert lake_rows(tenant) == sql_rows(tenant)
