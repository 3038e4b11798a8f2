"""The credit table of a run as it is shown, with its totals, its cautions and what stands beside it."""

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.cautions import RunFigures, cautions_of_run
from core.attribution.credits import CreditTable, Dimension, credit_table
from core.attribution.lifts import read_kept
from core.attribution.models import AttributionRun
from core.attribution.revenue import revenue_steps
from core.attribution.rounding import to_whole_units
from core.attribution.shapes.credits import (
    CreditShown,
    CreditsShown,
    MeasuredShown,
    RevenueShown,
    Total,
    show_cautions,
    show_line,
    show_measured,
)
from core.attribution.shapes.runs import show_run
from core.channels.models import Channel
from core.placements.models import Placement
from core.tenants.currencies import MINOR_DIGITS, from_minor, to_major, to_minor


def split_names(said: str) -> list[str]:
    """The names of models in a query, separated by commas."""
    return [name.strip() for name in said.split(",") if name.strip()]


def show_credits(session: Session, run: AttributionRun, *, models: list[str], by: Dimension) -> CreditsShown:
    """A finished run's credits, of all its models when none is named.

    Raises:
        Conflict: it is not finished.
        Invalid: it has no such model.
    """
    table = credit_table(session, run, models=models, by=by)
    rows = _rows(run, table)
    return CreditsShown(
        run=show_run(run),
        models=table.models,
        by=by,
        currency=run.currency,
        rows=rows,
        totals=[_total(run, model, run.orders, run.value_minor) for model in table.models],
        unattributed=[_total(run, model, run.lost_orders, run.lost_minor) for model in table.models],
        calibration=_calibration(run, table.models, rows) if run.calibrate else [],
        measured=_measured(session, run, by),
        revenue=_revenue(run),
        cautions=show_cautions(cautions_of_run(_figures(run))),
    )


def _rows(run: AttributionRun, table: CreditTable) -> list[CreditShown]:
    groups, digits = run.sample.get("groups", 0), MINOR_DIGITS[run.currency]
    rows = []
    for model in table.models:
        lines = [line for line in table.lines if line.model == model]
        minor = to_whole_units(np.array([line.value for line in lines]) * 10**digits)
        amounts = (from_minor(one, run.currency) for one in minor.tolist())
        rows += [show_line(line, amount=text, groups=groups) for line, text in zip(lines, amounts, strict=True)]
    return rows


def _total(run: AttributionRun, model: str, orders: float, minor: int) -> Total:
    value = to_major(minor, run.currency)
    return Total(model=model, conversions=orders, value=value, amount=from_minor(minor, run.currency))


def _revenue(run: AttributionRun) -> list[RevenueShown]:
    return [
        RevenueShown(code=step.code, orders=step.orders, amount=from_minor(step.minor, run.currency))
        for step in revenue_steps(run)
    ]


def _figures(run: AttributionRun) -> RunFigures:
    contacts, groups = run.sample.get("contacts", 0), run.sample.get("groups", 0)
    return RunFigures(run.orders, run.lost_orders, contacts, groups, run.maturing.get("share"))


def _calibration(run: AttributionRun, models: list[str], rows: list[CreditShown]) -> list[Total]:
    """Orders with a touch, less what the rows of a model come to."""
    orders, minor = run.orders - run.lost_orders, run.value_minor - run.lost_minor
    own = {model: [row for row in rows if row.model == model] for model in models}
    return [
        Total(
            model=model,
            conversions=orders - sum(row.conversions for row in mine),
            value=to_major(minor, run.currency) - sum(row.value for row in mine),
            amount=from_minor(minor - sum(to_minor(row.amount, run.currency) for row in mine), run.currency),
        )
        for model, mine in own.items()
    ]


def _measured(session: Session, run: AttributionRun, by: Dimension) -> list[MeasuredShown]:
    if by in ("day", "order") or not run.measured:
        return []
    table = Channel if by == "channel" else Placement
    keys = dict(session.execute(sa.select(table.number, table.id)).all())
    lifts = [read_kept(one) for one in run.measured]
    return [show_measured(lift, key=str(keys[lift.channel if by == "channel" else lift.placement])) for lift in lifts]
