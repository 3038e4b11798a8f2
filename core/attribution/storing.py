"""Storing what a run found: one row of packed credits a model, and the run's own figures."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.attribution.insides import inside_of
from core.attribution.intervals import place_errors, shown_place_errors
from core.attribution.jackknife import sample_of, shown_errors, standard_errors
from core.attribution.lifts import calibrate, kept, scale_errors, shown_factors
from core.attribution.maturing import LAGS, days_watched, find_maturing, kept_maturing
from core.attribution.model_kinds import AnyModel
from core.attribution.models import AttributionCredit, AttributionRun
from core.attribution.packing import CreditColumns
from core.attribution.repeating import describe_snapshot
from core.attribution.results import NO_CELLS, CellSums, Credits
from core.attribution.revenue import settle
from core.attribution.sums import Sums
from core.attribution.tally import Tally
from core.attribution.upstream import UPSTREAM
from core.db import insert_new

if TYPE_CHECKING:
    from core.attribution.execution import Plan


def store_result(session: Session, run: AttributionRun, plan: "Plan", credits: Credits) -> None:
    """Put the run's credits and figures into this transaction, in place of what an interrupted one left."""
    left = sa.delete(AttributionCredit).where(AttributionCredit.run_id == run.id)
    session.execute(left, execution_options={"synchronize_session": False})
    settled = run.settled or asdict(settle(session, plan.span))  # before the run differs from what is stored
    orders, lost = _besides(credits.tally, "orders"), _besides(credits.tally, "lost")
    found = _columns(plan, credits)
    run.measured = [kept(lift) for lift in plan.lifts]
    run.sample = asdict(sample_of(credits.tally))
    run.maturing = _maturing(run, plan, credits.tally)
    run.settled = settled
    solved, placements = _solved(plan, credits), plan.code.placements
    errors = standard_errors(credits.tally, models=solved, channels=plan.channels, placements=placements)
    by_place = place_errors(credits.tally)
    rows: list[dict[str, object]] = []
    for model, columns in found.items():
        details = _details(credits, model) | shown_errors(errors.get(model))
        details |= shown_place_errors(by_place.get(model), placements=placements)
        if run.calibrate:
            columns, factors = calibrate(columns, plan.lifts, channels=plan.channels)
            details = scale_errors(details, factors) | shown_factors(factors)
        insides = inside_of(plan.models.get(model), credits.tally, channels=plan.channels)
        rows.append({"model": model, "cells": columns.to_bytes(), "effects": details, "insides": insides})
    cells = CellSums(lost.key - plan.code.first_day, lost.counts[0].astype(np.float64), lost.counts[1] / plan.minor)
    columns = replace(plan.code, placements=1, by_order=False).unpack(cells)
    rows.append({"model": "", "cells": columns.to_bytes(), "effects": {}, "insides": {}})
    insert_new(session, AttributionCredit, [{"run_id": run.id} | row for row in rows], conflict=("run_id", "model"))
    run.models = {name: version for name, version in run.models.items() if name in found}
    run.orders, run.value_minor = (int(row.sum()) for row in orders.counts)
    run.lost_orders, run.lost_minor = (int(row.sum()) for row in lost.counts)
    run.journeys, run.generation = credits.journeys, plan.snapshot.generation
    run.snapshot = describe_snapshot(plan.snapshot)
    run.state, run.finished_at = "done", clock.now()
    run.progress_done = run.progress_total = len(plan.sources)


def _maturing(run: AttributionRun, plan: "Plan", tally: Tally) -> dict[str, object]:
    if plan.lags is None or LAGS not in tally.sums:
        return {}
    lags, first = tally.sums[LAGS], plan.code.first_day
    watched = days_watched(first, plan.code.days, zone=run.zone, until_us=plan.until_us)
    found = find_maturing(lags, code=plan.lags, first_day=first, watched=watched)
    return kept_maturing(found, lags, code=plan.lags, first_day=first)


def _solved(plan: "Plan", credits: Credits) -> Mapping[str, AnyModel]:
    """The channel models, but for those that broke."""
    return {name: plan.models[name] for name in credits.effects}


def _columns(plan: "Plan", credits: Credits) -> dict[str, CreditColumns]:
    """The credits of every model, `upstream` among them."""
    unpacked: dict[int, CreditColumns] = {}
    found = {}
    for model, cells in credits.cells.items():
        # The rules credit the same cells, and so do the channel models: their parts are taken apart once.
        if id(cells.cell) not in unpacked:
            unpacked[id(cells.cell)] = plan.code.unpack(cells)
        found[model] = replace(unpacked[id(cells.cell)], conversions=cells.conversions, value=cells.value)
    if plan.upstream is not None:
        gained = credits.tally.sums.get(UPSTREAM)
        cells = NO_CELLS if gained is None else CellSums(gained.key, *gained.amounts)
        found[UPSTREAM] = plan.upstream.wide.unpack(cells)
    return found


def _details(credits: Credits, model: str) -> dict[str, list[float]]:
    """What is kept of a channel model beside its cells, by channel number."""
    effects = credits.effects.get(model)
    if effects is None:
        return {}
    own = {"share": effects.conversions, "share_value": effects.value, "met": effects.met.astype(np.float64)}
    return {name: column.tolist() for name, column in {**effects.details, **own}.items()}


def _besides(tally: Tally, name: str) -> Sums:
    return tally.sums.get(name, Sums(np.empty(0, np.int64), np.empty((2, 0), np.int64), np.empty((0, 0))))
