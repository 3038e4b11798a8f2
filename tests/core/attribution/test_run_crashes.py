"""A process dies at any named moment while it makes an increment or keeps a full run's sums: the snapshot is whole, and
the runs made again say what undisturbed ones say. On both databases."""

import numpy as np
import pytest

from core.attribution.models import AttributionRun
from core.lake import faults
from core.lake.flush import flush_lake
from core.tenants.models import Tenant
from tests.core.attribution.crashing_runs import ask_run, assert_as_undisturbed, make_open_runs, stored_run
from tests.core.attribution.followed_runs import shrink
from tests.core.attribution.made_history import History
from tests.core.lake.crashing import DIED, sql_rows, start_work
from tests.core.lake.made_facts import lake_rows

pytestmark = pytest.mark.slow

TURNS = [(point, 1) for point in faults.RUN_POINTS] + [("run.staged", 2), ("cache.durable", 2)]
"""The increment comes first, then the full run."""


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)


@pytest.fixture
def history(tenant: Tenant) -> History:
    """A brand with a full run whose sums are kept, and news of every kind."""
    history = History(tenant, np.random.default_rng(3))
    history.begin()
    ask_run(tenant, half_life_days=1.0)
    make_open_runs(tenant.number)
    for what in ("touches", "merge", "refund", "cancel", "erase", "orders", "invite"):
        history.happen(what)
    return history


def ask_both(tenant: Tenant) -> tuple[AttributionRun, AttributionRun]:
    """An increment and a full run."""
    return ask_run(tenant, half_life_days=1.0), ask_run(tenant, half_life_days=2.0)


@pytest.mark.parametrize(("point", "turn"), TURNS)
def test_runs_survive_death_anywhere(tenant: Tenant, history: History, point: str, turn: int) -> None:
    increment, full = ask_both(tenant)
    process = start_work(tenant, point=point, turn=turn, work=make_open_runs)
    process.join(60)
    assert process.exitcode == DIED
    assert lake_rows(tenant) == sql_rows(tenant)
    made = [run for run in (increment, full) if stored_run(tenant, run)[0].state == "done"]
    for run in made:
        assert_as_undisturbed(tenant, run)
    make_open_runs(tenant.number)
    assert [assert_as_undisturbed(tenant, run) for run in (increment, full)] == [True, False]
    history.happen("touches")
    flush_lake(tenant.number)
    after = ask_run(tenant, half_life_days=2.0)
    make_open_runs(tenant.number)
    assert_as_undisturbed(tenant, after)


def test_every_moment_of_a_run_comes(tenant: Tenant, history: History) -> None:
    ask_both(tenant)
    seen: list[str] = []
    faults.listen(seen.append)
    try:
        make_open_runs(tenant.number)
    finally:
        faults.listen(None)
    assert set(faults.RUN_POINTS) <= set(seen)
