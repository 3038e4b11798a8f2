"""Runs made in a process that may die at any moment, and what is true of them afterwards."""

from unittest.mock import patch

import numpy as np
import sqlalchemy as sa

from core.attribution import execution, following, keeping
from core.attribution.execution import execute_run
from core.attribution.models import AttributionCredit, AttributionRun
from core.attribution.packing import CreditColumns
from core.attribution.runs import Detail, RunOptions, add_run
from core.db import reading, writing
from core.lake import opened
from core.lake.flush import flush_lake
from core.tenants.models import Tenant
from tests.core.lake.made_facts import at

WINDOW = (at(12 * 24 * 60).date(), at(50 * 24 * 60).date())
MODELS = ("last", "time_decay", "markov", "markov_2", "shapley")
Cells = dict[tuple[int, ...], tuple[float, float]]


def make_eager() -> None:
    """Sums are kept and followed, and files laid open, however small the brand is."""
    opened.LARGE, keeping.WORTH, following.MOST_CHANGED = 5, 1, 0


def make_open_runs(tenant: int) -> None:
    """Flush, make every run that waits, and keep its sums, as a worker does."""
    make_eager()
    flush_lake(tenant)
    with reading(tenant) as session:
        waits = AttributionRun.state.in_(("queued", "running"))
        waiting = list(session.scalars(sa.select(AttributionRun.id).where(waits).order_by(AttributionRun.id)))
    for run_id in waiting:
        made = execute_run(tenant, run_id, door=lambda: writing(tenant))
        if made is not None:
            made.keep()


def ask_run(tenant: Tenant, *, half_life_days: float) -> AttributionRun:
    """A run that nobody has made yet."""
    asked = RunOptions(*WINDOW, half_life_days=half_life_days, models=MODELS, upstream_share=0.3, detail=Detail.FULL)
    with writing(tenant.number) as session:
        return add_run(session, asked)


def stored_run(tenant: Tenant, run: AttributionRun) -> tuple[AttributionRun, dict[str, Cells]]:
    """The run as it stands, and its credits by model and cell."""
    with reading(tenant.number) as session:
        found = session.get_one(AttributionRun, (tenant.number, run.id))
        rows = session.scalars(sa.select(AttributionCredit).where(AttributionCredit.run_id == run.id)).all()
        session.expunge_all()
    return found, {row.model: _cells_of(CreditColumns.from_bytes(row.cells)) for row in rows}


def assert_as_undisturbed(tenant: Tenant, run: AttributionRun) -> bool:
    """A finished run says what a full one of the same facts says, to 1e-12 of each model's total; whether it was an
    increment."""
    found, cells = stored_run(tenant, run)
    peaceful = ask_run(tenant, half_life_days=run.half_life_days)
    with patch.object(execution, "find_followed", lambda session, plan, question: None):
        execute_run(tenant.number, peaceful.id, door=lambda: writing(tenant.number))
    full, expected = stored_run(tenant, peaceful)
    for name in ("orders", "value_minor", "lost_orders", "lost_minor", "journeys", "generation", "models", "settled"):
        assert getattr(found, name) == getattr(full, name), name
    assert cells.keys() == expected.keys()
    for model, given in expected.items():
        _assert_cells(cells[model], given)
    return found.followed is not None


def _assert_cells(found: Cells, expected: Cells) -> None:
    keys = sorted(found.keys() | expected.keys())
    one, other = (np.array([cells.get(key, (0.0, 0.0)) for key in keys]).reshape(-1, 2) for cells in (found, expected))
    assert (abs(one - other) <= 1e-12 * other.sum(axis=0)).all()


def _cells_of(columns: CreditColumns) -> Cells:
    keys = zip(*(getattr(columns, name).tolist() for name in ("channel", "placement", "day", "repeat")), strict=True)
    return dict(zip(keys, zip(columns.conversions.tolist(), columns.value.tolist(), strict=True), strict=True))
