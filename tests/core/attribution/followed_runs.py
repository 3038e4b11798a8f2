"""Runs that follow others, and what both say, side by side; for several test files."""

from typing import Any

import numpy as np
import pytest

from core.attribution import execution, following, keeping
from core.attribution.execution import Made, execute_run
from core.attribution.known_models import all_models
from core.attribution.matching import Cut
from core.attribution.models import AttributionRun
from core.attribution.results import NO_CELLS, CellSums
from core.attribution.runs import Detail, RunOptions, add_run, find_run
from core.db import reading, writing
from core.lake import growth, opened
from core.tenants.models import Tenant
from tests.core.attribution.made_history import History
from tests.core.lake.crashing import SMALL
from tests.core.lake.made_facts import at

WINDOW = (at(12 * 24 * 60).date(), at(50 * 24 * 60).date())
OPTIONS: tuple[dict[str, Any], ...] = (
    {"upstream_share": 0.4, "upstream_depth": 2},
    {"upstream_share": 0.2, "lookback_days": 9.0, "cut": Cut.NONE, "upstream_base": "linear", "detail": Detail.FULL},
)


def shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of touches be worth keeping, and any change worth following."""
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    monkeypatch.setattr(opened, "LARGE", 5)
    monkeypatch.setattr(keeping, "WORTH", 1)
    monkeypatch.setattr(following, "MOST_CHANGED", 0)


def begun(tenant: Tenant, seed: int = 1) -> History:
    """A brand with a past, flushed."""
    history = History(tenant, np.random.default_rng(seed))
    history.begin()
    return history


def make(tenant: Tenant, **options: Any) -> Made:
    """A run, which may follow another."""
    asked = RunOptions(*WINDOW, **{"models": tuple(all_models()), "detail": Detail.BRIEF, **options})
    with writing(tenant.number) as session:
        run_id = add_run(session, asked).id
    made = execute_run(tenant.number, run_id, door=lambda: writing(tenant.number))
    assert made is not None
    return made


def make_full(tenant: Tenant, **options: Any) -> Made:
    """A run over everybody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "find_followed", lambda session, plan, question: None)
        return make(tenant, **options)


def stored(tenant: Tenant, made: Made) -> AttributionRun:
    """As the database has it."""
    with reading(tenant.number) as session:
        run = find_run(session, str(made.run_id))
        session.expunge(run)
        return run


def assert_same(tenant: Tenant, found: Made, full: Made) -> None:
    """To 1e-12 of each model's total, in every cell and every figure that is stored."""
    for name in ("orders", "value_minor", "lost_orders", "lost_minor", "journeys", "generation", "models"):
        assert getattr(stored(tenant, found), name) == getattr(stored(tenant, full), name), name
    assert found.credits.cells.keys() == full.credits.cells.keys()
    for name, cells in full.credits.cells.items():
        _assert_cells(found.credits.cells[name], cells, name)
    _assert_cells(_upstream(found), _upstream(full), "upstream")
    for name, effects in full.credits.effects.items():
        for detail, column in effects.details.items():
            np.testing.assert_allclose(found.credits.effects[name].details[detail], column, atol=1e-12, rtol=0)
    for name, sums in full.credits.tally.sums.items():
        other = found.credits.tally.sums[name]
        np.testing.assert_array_equal(other.key, sums.key)
        np.testing.assert_array_equal(other.counts, sums.counts)
        size = max(full.credits.tally.value, full.credits.conversions)
        np.testing.assert_allclose(other.amounts, sums.amounts, rtol=0, atol=1e-12 * size, err_msg=name)


def _upstream(made: Made) -> CellSums:
    sums = made.credits.tally.sums.get("upstream")
    return NO_CELLS if sums is None else CellSums(sums.key, *sums.amounts)


def _assert_cells(found: CellSums, full: CellSums, name: str) -> None:
    cell = np.union1d(found.cell, full.cell)
    for measure in ("conversions", "value"):
        total = getattr(full, measure).sum()
        columns = [np.zeros(len(cell)), np.zeros(len(cell))]
        for column, one in zip(columns, (found, full), strict=True):
            column[np.searchsorted(cell, one.cell)] = getattr(one, measure)
        np.testing.assert_allclose(columns[0], columns[1], rtol=0, atol=1e-12 * total, err_msg=f"{name} {measure}")
