"""Increments, full runs and the keeping of their sums are killed at random moments, again and again: what they say is
what undisturbed runs say. KILLS=200 for more."""

import os
import random

import numpy as np
import pytest

from core.tenants.models import Tenant
from tests.core.attribution.crashing_runs import ask_run, assert_as_undisturbed, make_open_runs, stored_run
from tests.core.attribution.followed_runs import shrink
from tests.core.attribution.made_history import HAPPENINGS, History
from tests.core.lake.crashing import sql_rows, start_work
from tests.core.lake.made_facts import lake_rows

pytestmark = pytest.mark.chaos

KILLS = int(os.environ.get("KILLS", "20"))
LONGEST = 2.0
"""Seconds until the latest kill, at first."""


def test_killed_runs_say_the_same(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)
    dice = random.Random(11)
    history = History(tenant, np.random.default_rng(11))
    history.begin()
    killed, turn, longest, followed = 0, 0, LONGEST, 0
    while killed < KILLS:
        turn += 1
        history.happen(dice.choice([what for what in HAPPENINGS if what != "grow"]))
        runs = [ask_run(tenant, half_life_days=days) for days in (1.0, float(turn), turn + 1.0)]
        process = start_work(tenant, work=make_open_runs)
        process.join(dice.uniform(0, longest))
        process.kill()
        process.join(60)
        if process.exitcode == 0:  # it was done before: strike earlier
            longest *= 0.8
        else:
            killed += 1
        before = [run for run in runs if stored_run(tenant, run)[0].state == "done"]
        for run in before:
            assert_as_undisturbed(tenant, run)
        make_open_runs(tenant.number)
        followed += sum(assert_as_undisturbed(tenant, run) for run in runs)
        assert lake_rows(tenant) == sql_rows(tenant)
    assert followed > killed
